import { useState } from 'preact/hooks'
import type { Check } from '../../state/model'
import { Button } from '../kit/buttons'
import { NumberPad } from '../kit/number_pad'
import { type PadKey, pressNumber } from '../kit/pad'
import { Page } from '../kit/page'
import { ProblemNotice } from '../kit/notices'
import { useAct, useHands, useSay } from '../hands'
import { amount, dateTime } from '../times'
import { check as checkWords } from '../words/check'
import { loading as words } from '../words/verdict'
import { FigureField } from './figure_field'
import { type LineField, type LoadingForm, emptyForm, figureKey, isMetered, loadingOf, shapeOfFigure, unfinished } from './loading_form'
import { PhotoRow } from './photos_view'
import { QuestionCard } from './question_card'
import { Trip } from './trip'

/** Drafts outlive a look at another screen or a lock: nothing entered is lost while the page lives. */
const drafts = new Map<string, LoadingForm>()

/** After loading: what went in, by pad; seals, gross mass, the list and photos. */
export function LoadingView({ check }: { check: Check }) {
  const say = useSay()
  const { tablet, now } = useHands()
  const act = useAct()
  const [form, setForm] = useState<LoadingForm>(() => drafts.get(check.key) ?? emptyForm(check.verdict?.at ?? now.peek(), now.peek()))
  const [chosen, setChosen] = useState(figureKey(check.goods[0]?.position ?? 1, 'quantityKg'))
  const change = (part: Partial<LoadingForm>): void => {
    const next = { ...form, ...part }
    drafts.set(check.key, next)
    setForm(next)
  }
  const setFigure = (key: string, value: string): void => change({ figures: { ...form.figures, [key]: value } })
  const press = (key: PadKey): void => setFigure(chosen, pressNumber(form.figures[chosen] ?? '', key, shapeOfFigure(chosen)))
  const submit = (): void => {
    const problem = unfinished(form, check)
    if (problem !== null) return act.complain(problem)
    void act.run(async () => { await tablet.enterLoading(loadingOf(form, check)); drafts.delete(check.key) })
  }
  const field = (key: string, label: string, optional = false) => (
    <FigureField
      name={key} label={label} value={form.figures[key] ?? ''} chosen={chosen === key} onChoose={() => setChosen(key)}
      onValue={(value) => setFigure(key, value)} {...(optional ? { optional: say(words.optional) } : {})}
    />
  )
  const lineField = (position: number, name: LineField, label: string, optional: boolean) => field(figureKey(position, name), label, optional)
  const shape = shapeOfFigure(chosen)
  const foot = <Button look="primary" disabled={act.running} onPress={submit}>{say(words.submit)}</Button>
  return (
    <>
      <Trip check={check} />
      <Page title={say(words.title)} foot={foot} class="loading">
        <div class="loading-grid">
          <div class="loading-form">
            {check.goods.map((line) => (
              <fieldset key={line.position} class="card">
                <legend>
                  <b class="mono">UN {line.unNumber}</b> {say(line.name)}
                  {line.compartment !== null && <span class="tag">{say(checkWords.compartment(line.compartment))}</span>}
                  <span class="quiet">{say(words.planned(amount(line.quantity, line.unit)))}</span>
                </legend>
                <div class="figures">
                  {lineField(line.position, 'quantityKg', say(words.kg), false)}
                  {isMetered(line) && lineField(line.position, 'quantityL', say(words.litres), true)}
                  {isMetered(line) && lineField(line.position, 'temperatureC', say(words.temperature), true)}
                  {isMetered(line) && lineField(line.position, 'densityKgL', say(words.density), true)}
                </div>
              </fieldset>
            ))}
            <Seals form={form} change={change} gross={field('grossMassKg', say(words.gross), true)} />
            <section>
              <h2>{say(words.list)}</h2>
              <ul class="cards questions">
                {check.questions.filter(({ group }) => group === 'after_loading').map((asked) => <QuestionCard key={asked.id} asked={asked} act={act} />)}
              </ul>
              <ul class="cards">{check.photos.map((photo) => <PhotoRow key={photo.shows} photo={photo} act={act} />)}</ul>
            </section>
          </div>
          <div class="loading-pad">
            <ProblemNotice problem={act.problem} />
            <NumberPad onKey={press} point={shape.places > 0} signed={shape.signed} />
          </div>
        </div>
      </Page>
    </>
  )
}

interface SealsProps {
  readonly form: LoadingForm
  readonly change: (part: Partial<LoadingForm>) => void
  readonly gross: preact.JSX.Element
}

function Seals({ form, change, gross }: SealsProps) {
  const say = useSay()
  const { seals, noSealReason, startedAt, finishedAt } = form
  const setSeal = (place: number, value: string): void => change({ seals: seals.map((seal, at) => (at === place ? value : seal)) })
  return (
    <fieldset class="card">
      <legend>{say(words.seals)}</legend>
      <div class="figures">
        {gross}
        {seals.map((seal, place) => (
          <label key={place} class="figure-field">
            <span>{say(words.seal(place + 1))}</span>
            <input class="mono" autocomplete="off" autocapitalize="characters" value={seal} onInput={(event) => setSeal(place, event.currentTarget.value)} />
          </label>
        ))}
        <Button icon="plus" onPress={() => change({ seals: [...seals, ''] })}>{say(words.addSeal)}</Button>
        {seals.every((seal) => seal.trim() === '') && (
          <label class="figure-field wide">
            <span>{say(words.noSeal)}</span>
            <input value={noSealReason} onInput={(event) => change({ noSealReason: event.currentTarget.value })} />
          </label>
        )}
      </div>
      <div class="moments">
        <Moment label={say(words.started)} moment={startedAt} onMoment={(moment) => change({ startedAt: moment })} />
        <Moment label={say(words.finished)} moment={finishedAt} onMoment={(moment) => change({ finishedAt: moment })} />
      </div>
    </fieldset>
  )
}

const FIVE_MINUTES = 300_000

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
