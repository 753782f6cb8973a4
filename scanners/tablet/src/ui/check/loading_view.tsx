import { useEffect, useState } from 'preact/hooks'
import type { Check, GoodsLine } from '../../state/model'
import { Button } from '../kit/buttons'
import { LetterPad } from '../kit/letter_pad'
import { NumberPad } from '../kit/number_pad'
import { type PadKey, pressNumber } from '../kit/pad'
import { Page } from '../kit/page'
import { useAct, useHands, useSay } from '../hands'
import { amount, byServer } from '../times'
import { check as checkWords } from '../words/check'
import { loading as words } from '../words/verdict'
import { FigureField } from './figure_field'
import {
  type LineField, type LoadingForm, SEAL_KEYS, emptyForm, figureKey, isMetered, isShort, loadingOf, sealPlace, shapeOfFigure, unfinished, withSeal,
} from './loading_form'
import { PhotoRow } from './photos_view'
import { QuestionCard } from './question_card'
import { SealsCard } from './seals_card'
import { ShortReason } from './short_reason'
import { useTaking } from './taking'
import { Trip } from './trip'

/** Drafts outlive a look at another screen or a lock: nothing entered is lost while the page lives. */
const drafts = new Map<string, LoadingForm>()

/** Moments are sent in whole seconds. */
const BEFORE_LIST_MS = 1_000

const LINE_FIELDS = [
  ['quantityKg', words.kg], ['quantityL', words.litres], ['temperatureC', words.temperature], ['densityKgL', words.density],
] as const

/** After loading: what went in, by pad; seals, gross mass, the list and photos. */
export function LoadingView({ check }: { check: Check }) {
  const say = useSay()
  const { tablet } = useHands()
  const act = useAct()
  const taking = useTaking(act)
  const serverNow = (): number => byServer(Date.now(), tablet.health.peek().clockOffsetMs)
  const [form, setForm] = useState<LoadingForm>(() => drafts.get(check.key) ?? emptyForm(check.verdict?.at ?? serverNow()))
  const [chosen, setChosen] = useState(figureKey(check.goods[0]?.position ?? 1, 'quantityKg'))
  const change = (part: Partial<LoadingForm>): void => {
    const next = { ...form, ...part }
    drafts.set(check.key, next)
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
    void act.run(async () => { await tablet.enterLoading(loadingOf(form, check, serverNow())); drafts.delete(check.key) })
  }
  const field = (key: string, label: string) => (
    <FigureField
      key={key} name={key} label={label} value={form.figures[key] ?? ''} chosen={chosen === key}
      onChoose={() => setChosen(key)} onValue={(value) => setFigure(key, value)}
    />
  )
  if (taking.screen) return taking.screen
  const foot = <Button look="primary" disabled={act.running} onPress={submit}>{say(words.submit)}</Button>
  return (
    <>
      <Trip check={check} />
      <Page title={say(words.title)} foot={foot} problem={act.problem} class="loading" aside={<p class="lead">{say(words.lead)}</p>}>
        <div class="loading-grid">
          <div class="loading-form">
            {check.goods.map((line) => <LineCard key={line.position} line={line} field={field} form={form} change={change} />)}
            <SealsCard form={form} change={change} gross={field('grossMassKg', say(words.gross))} chosen={chosen} onChoose={setChosen} />
            <section>
              <h2>{say(words.list)}</h2>
              <ul class="cards questions">
                {check.questions.filter(({ group }) => group === 'after_loading').map((asked) => <QuestionCard key={asked.id} asked={asked} act={act} taking={taking} />)}
              </ul>
            </section>
            <ul class="cards">{check.photos.map((photo) => <PhotoRow key={photo.shows} photo={photo} taking={taking} />)}</ul>
          </div>
          <div class="loading-pad">
            <Pad form={form} chosen={chosen} change={change} setFigure={setFigure} />
          </div>
        </div>
      </Page>
    </>
  )
}

interface LineCardProps {
  readonly line: GoodsLine
  readonly field: (key: string, label: string) => preact.JSX.Element
  readonly form: LoadingForm
  readonly change: (part: Partial<LoadingForm>) => void
}

function LineCard({ line, field, form, change }: LineCardProps) {
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
      {isShort(form, line) && <ShortReason line={line} form={form} change={change} />}
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
