import type { BayPlan, Check, GoodsLine, PlannedLine } from '../../state/model'
import { Shape } from '../drawing/shapes'
import { useSay } from '../hands'
import { Choice } from '../kit/buttons'
import { amount } from '../times'
import { bays as words } from '../words/bays'
import { check as checkWords } from '../words/check'
import { ReasonCard } from './reasons'

interface PlanCardProps {
  readonly check: Check
  readonly plan: BayPlan
  /** Lines that go in at another bay, where that can be chosen here. */
  readonly elsewhere?: readonly number[]
  readonly onElsewhere?: (positions: readonly number[]) => void
}

/** What is in and where, and what is still to come. */
export function PlanCard({ check, plan, elsewhere = [], onElsewhere }: PlanCardProps) {
  const say = useSay()
  const choose = (position: number, away: boolean): void =>
    onElsewhere?.(away ? [...elsewhere, position] : elsewhere.filter((one) => one !== position))
  return (
    <section class="plan" aria-labelledby="plan">
      <h2 id="plan">{say(words.plan)} <span class="quiet">{say(words.checkedAt(plan.checkedAt.name))}</span></h2>
      <ul class="rows">
        {check.goods.map((line) => {
          const planned = plan.lines.find(({ position }) => position === line.position)
          return (
            <li key={line.position}>
              <Shape standing={planned?.bay ? 'passed' : 'missing'} />
              <PlanLine line={line} />
              {planned?.bay ? <Loaded planned={planned} /> : onElsewhere ? (
                <Choice
                  hidden label={say(words.where(nameOf(line, say)))} chosen={elsewhere.includes(line.position)}
                  choices={[{ value: false, text: say(words.atThisBay) }, { value: true, text: say(words.atAnother) }]}
                  onChoose={(away) => choose(line.position, away)}
                />
              ) : <strong>{say(words.toCome)}</strong>}
            </li>
          )
        })}
      </ul>
      {plan.lines.some(({ waiting }) => waiting) && <p class="hint" role="status">{say(words.waitingNote)}</p>}
      {plan.reasons.length > 0 && (
        <div role="alert">
          <p class="hint">{say(words.against)}</p>
          <ul class="cards">{plan.reasons.map((reason, place) => <ReasonCard key={place} reason={reason} />)}</ul>
        </div>
      )}
    </section>
  )
}

const nameOf = ({ compartment, unNumber }: GoodsLine, say: ReturnType<typeof useSay>): string =>
  compartment === null ? `UN ${unNumber}` : say(checkWords.compartment(compartment))

function PlanLine({ line }: { line: GoodsLine }) {
  const say = useSay()
  return (
    <span class="grow">
      {line.compartment !== null && <span class="tag">{say(checkWords.compartment(line.compartment))}</span>}{' '}
      <b class="mono">UN {line.unNumber}</b> {say(line.name)} <span class="nowrap">{amount(line.quantity, line.unit)}</span>
    </span>
  )
}

function Loaded({ planned }: { planned: PlannedLine }) {
  const say = useSay()
  const { bay, loaded, waiting } = planned
  return (
    <span class="plan-loaded">
      <strong>{bay && loaded && say(words.loadedAt(bay.name, amount(loaded.quantityKg, 'kg')))}</strong>
      {waiting && <span class="tag missing">{say(words.waiting)}</span>}
    </span>
  )
}
