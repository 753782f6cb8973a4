import { Button } from '../kit/buttons'
import { useHands, useSay } from '../hands'
import { byServer, dateTime } from '../times'
import { loading as words } from '../words/verdict'
import { type LoadingForm, sealKey, withSeal } from './loading_form'

const FIVE_MINUTES = 300_000

interface SealsCardProps {
  readonly form: LoadingForm
  readonly change: (part: Partial<LoadingForm>) => void
  /** `null` where the vehicle is weighed later, at another bay. */
  readonly gross: preact.JSX.Element | null
  readonly chosen: string
  readonly onChoose: (key: string) => void
}

/** Gross mass, seals or why there are none, and when loading began and ended. */
export function SealsCard({ form, change, gross, chosen, onChoose }: SealsCardProps) {
  const say = useSay()
  const { tablet, now } = useHands()
  const { seals, noSealReason, startedAt, finishedAt } = form
  return (
    <fieldset class="card">
      <legend>{say(gross === null ? words.sealsAlone : words.seals)}</legend>
      <div class="figures wide-figures">
        {gross}
        {seals.map((seal, place) => (
          <label key={place} class={`figure-field ${chosen === sealKey(place) ? 'chosen' : ''}`}>
            <span>{say(words.seal(place + 1))}</span>
            <input
              name={sealKey(place)} class="mono" inputMode="none" autocomplete="off" autocapitalize="characters" value={seal}
              onFocus={() => onChoose(sealKey(place))} onInput={(event) => change(withSeal(form, place, event.currentTarget.value))}
            />
          </label>
        ))}
        <Button icon="plus" onPress={() => change({ seals: [...seals, ''] })}>{say(words.addSeal)}</Button>
        {gross !== null && seals.every((seal) => seal.trim() === '') && (
          <label class="figure-field wide">
            <span>{say(words.noSeal)}</span>
            <input value={noSealReason} onInput={(event) => change({ noSealReason: event.currentTarget.value })} />
          </label>
        )}
      </div>
      <div class="moments">
        <Moment label={say(words.started)} moment={startedAt} onMoment={(moment) => change({ startedAt: moment })} />
        <Moment label={say(words.finished)} moment={finishedAt ?? Math.max(byServer(now.value, tablet.health.value.clockOffsetMs), startedAt)} onMoment={(moment) => change({ finishedAt: moment })} />
      </div>
    </fieldset>
  )
}

function Moment({ label, moment, onMoment }: { label: string; moment: number; onMoment: (moment: number) => void }) {
  const say = useSay()
  return (
    <div class="moment" role="group" aria-label={label}>
      <span>{label}<strong class="mono">{dateTime(moment)}</strong></span>
      <button type="button" class="key" aria-label={say(words.earlier)} onClick={() => onMoment(moment - FIVE_MINUTES)}>−5</button>
      <button type="button" class="key" aria-label={say(words.later)} onClick={() => onMoment(moment + FIVE_MINUTES)}>+5</button>
    </div>
  )
}
