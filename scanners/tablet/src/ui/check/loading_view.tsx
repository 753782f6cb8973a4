import { useEffect, useState } from 'preact/hooks'
import type { Check, GoodsLine } from '../../state/model'
import { Button, Choice } from '../kit/buttons'
import { LetterPad } from '../kit/letter_pad'
import { NumberPad } from '../kit/number_pad'
import { type PadKey, pressNumber } from '../kit/pad'
import { Page } from '../kit/page'
import { type Act, useAct, useHands, useSay } from '../hands'
import { amount, byServer } from '../times'
import { bays as bayWords } from '../words/bays'
import { check as checkWords } from '../words/check'
import { loading as words } from '../words/verdict'
import { FigureField } from './figure_field'
import {
  type LineField, type LoadingForm, SEAL_KEYS, asksWhy, beginForm, draftKey, drafts, figureKey, isMetered, loadingOf, partOf, sealPlace, shapeOfFigure,
  shareOf, unfinished, withSeal,
} from './loading_form'
import { PhotoRow } from './photos_view'
import { PlanCard } from './plan_card'
import { QuestionCard } from './question_card'
import { SealsCard } from './seals_card'
import { ShortReason } from './short_reason'
import { type Taking, useTaking } from './taking'
import { Trip } from './trip'

/** Moments are sent in whole seconds. */
const BEFORE_LIST_MS = 1_000

const LINE_FIELDS = [
  ['quantityKg', words.kg], ['quantityL', words.litres], ['temperatureC', words.temperature], ['densityKgL', words.density],
] as const

/** After loading: what went in, by pad; seals, gross mass, the list and photos. At several bays, each its part. */
export function LoadingView({ check }: { check: Check }) {
  const say = useSay()
  const { tablet } = useHands()
  const act = useAct()
  const taking = useTaking(act)
  const serverNow = (): number => byServer(Date.now(), tablet.health.peek().clockOffsetMs)
  const [form, setForm] = useState<LoadingForm>(() => drafts.get(draftKey(check)) ?? beginForm(check, serverNow()))
  const share = shareOf(form, check)
  const goesOn = share.elsewhere.length > 0
  const [chosen, setChosen] = useState(figureKey(share.here[0]?.position ?? 1, 'quantityKg'))
  const change = (part: Partial<LoadingForm>): void => {
    const next = { ...form, ...part }
    drafts.set(draftKey(check), next)
    setForm(next)
  }
  // The list is gone through when the loading is over, and the server counts no answer from before.
  const listBegun = check.questions.some(({ group, answer }) => group === 'after_loading' && answer !== null)
  useEffect(() => {
    if (listBegun && form.finishedAt === null) change({ finishedAt: Math.max(form.startedAt, serverNow() - BEFORE_LIST_MS) })
  }, [listBegun])
  const setFigure = (key: string, value: string): void => change({ figures: { ...form.figures, [key]: value } })
  const submit = (): void => {
    const problem = unfinished(form, check)
    if (problem !== null) return act.complain(problem)
    void act.run(async () => {
      if (!goesOn) await tablet.enterLoading(loadingOf(form, check, serverNow()))
      else await tablet.recordPart(partOf(form, check, serverNow()))
      // Until the server has a part, or while something is wrong with it, it stays with this bay.
      if (!goesOn || tablet.check.peek()?.phase !== 'after_loading') drafts.delete(draftKey(check))
    })
  }
  const field = (key: string, label: string) => (
    <FigureField
      key={key} name={key} label={label} value={form.figures[key] ?? ''} chosen={chosen === key}
      onChoose={() => setChosen(key)} onValue={(value) => setFigure(key, value)}
    />
  )
  if (taking.screen) return taking.screen
  const next = check.bays?.others.find(({ id }) => id === form.nextBay)
  const ending = !goesOn ? words.submit : next ? bayWords.recordAndGo(next.name) : bayWords.recordPart
  const foot = <Button look="primary" disabled={act.running} onPress={submit}>{say(ending)}</Button>
  return (
    <>
      <Trip check={check} />
      <Page title={say(words.title)} foot={foot} problem={act.problem} class="loading" aside={<p class="lead">{say(goesOn ? bayWords.partLead : words.lead)}</p>}>
        <div class="loading-grid">
          <div class="loading-form">
            {check.bays && <PlanCard check={check} plan={check.bays} elsewhere={form.elsewhere} onElsewhere={(elsewhere) => change({ elsewhere })} />}
            {goesOn && check.bays && (
              <Choice
                label={say(bayWords.next)} chosen={form.nextBay} choices={check.bays.others.map(({ id, name }) => ({ value: id, text: name }))}
                onChoose={(nextBay) => change({ nextBay })}
              />
            )}
            {share.here.map((line) => <LineCard key={line.position} line={line} field={field} form={form} change={change} why={asksWhy(form, line, check)} />)}
            <SealsCard form={form} change={change} gross={goesOn ? null : field('grossMassKg', say(words.gross))} chosen={chosen} onChoose={setChosen} />
            {!goesOn && <AfterLoading check={check} act={act} taking={taking} />}
          </div>
          <div class="loading-pad">
            <Pad form={form} chosen={chosen} change={change} setFigure={setFigure} />
          </div>
        </div>
      </Page>
    </>
  )
}

/** The list that is gone through when everything is in, and its photos. */
function AfterLoading({ check, act, taking }: { check: Check; act: Act; taking: Taking }) {
  const say = useSay()
  const asked = check.questions.filter(({ group }) => group === 'after_loading')
  return (
    <>
      <section>
        <h2>{say(words.list)}</h2>
        <ul class="cards questions">{asked.map((one) => <QuestionCard key={one.id} asked={one} act={act} taking={taking} />)}</ul>
      </section>
      <ul class="cards">{check.photos.map((photo) => <PhotoRow key={photo.shows} photo={photo} taking={taking} />)}</ul>
    </>
  )
}

interface LineCardProps {
  readonly line: GoodsLine
  readonly field: (key: string, label: string) => preact.JSX.Element
  readonly form: LoadingForm
  readonly change: (part: Partial<LoadingForm>) => void
  /** Somebody has to say why it is not more. */
  readonly why: boolean
}

function LineCard({ line, field, form, change, why }: LineCardProps) {
  const say = useSay()
  const asked = isMetered(line) ? LINE_FIELDS : LINE_FIELDS.slice(0, 1)
  return (
    <fieldset class="card">
      <legend>
        <b class="mono">UN {line.unNumber}</b> {say(line.name)}
        {line.compartment !== null && <span class="tag">{say(checkWords.compartment(line.compartment))}</span>}
        <span class="quiet">{say(words.planned(amount(line.quantity, line.unit)))}</span>
      </legend>
      <div class="figures">
        {asked.map(([name, label]: readonly [LineField, (typeof LINE_FIELDS)[number][1]]) => field(figureKey(line.position, name), say(label)))}
      </div>
      {why && <ShortReason line={line} form={form} change={change} />}
    </fieldset>
  )
}

interface PadProps {
  readonly form: LoadingForm
  readonly chosen: string
  readonly change: (part: Partial<LoadingForm>) => void
  readonly setFigure: (key: string, value: string) => void
}

/** Digits for a figure, letters and digits for a seal. */
function Pad({ form, chosen, change, setFigure }: PadProps) {
  const say = useSay()
  const place = sealPlace(chosen)
  if (place !== null) {
    const seal = form.seals[place] ?? ''
    return (
      <LetterPad
        follows label={say(words.seal(place + 1))} keys={SEAL_KEYS}
        onKey={(key) => change(withSeal(form, place, seal + key))} onErase={() => change(withSeal(form, place, seal.slice(0, -1)))}
      />
    )
  }
  const shape = shapeOfFigure(chosen)
  const press = (key: PadKey): void => setFigure(chosen, pressNumber(form.figures[chosen] ?? '', key, shape))
  return <NumberPad onKey={press} point={shape.places > 0} signed={shape.signed} />
}
