import type { Arrival, Check, GoodsLine, UnderWay, Words } from '../../state/model'
import { NumberPlate } from '../drawing/number_plate'
import { useSay } from '../hands'
import { StandingTag } from '../kit/notices'
import { amount, clockTime } from '../times'
import { bays as bayWords } from '../words/bays'
import { verdicts } from '../words/common'
import { arrivals as words, readiness, statuses } from '../words/arrivals'

/** One expected vehicle: who, what, how it stands, in the order in which one looks. */
export function ArrivalRow({ arrival, onOpen }: { arrival: Arrival; onOpen: () => void }) {
  const say = useSay()
  const { tractor, trailer, goods, carrier, number, expectedAt, status, reasons, checkKey, underWay } = arrival
  // What stops it comes first; what merely warns is said without alarm.
  const first = reasons.find(({ severity }) => severity === 'STOP') ?? reasons[0]
  const over = status === 'released' || status === 'cancelled'
  // Once it is over, how it was judged before says nothing any more.
  const shown = status === 'released' ? 'passed' : status === 'cancelled' ? 'failed' : arrival.readiness
  return (
    <li>
      <button type="button" class={`arrival ${underWay ? 'passed' : shown} ${over ? 'over' : ''} ${underWay?.comesHere ? 'comes-here' : ''}`} onClick={onOpen}>
        <span class="arrival-plates">
          {tractor ? <NumberPlate plate={tractor} /> : <span class="quiet">{say(words.noPlate)}</span>}
          {trailer && <NumberPlate plate={trailer} />}
        </span>
        <span class="arrival-what">
          <GoodsLines goods={goods} />
          <span class="quiet">{carrier} · <span class="mono">{number}</span></span>
        </span>
        <span class="arrival-state">
          <StandingTag standing={underWay ? 'passed' : shown} word={say(over || underWay ? statuses[status] : readiness[arrival.readiness])} />
          {first && !over && !underWay && <span class={first.severity === 'STOP' ? 'why' : 'quiet'}>{say(first.title)}</span>}
          <span class="quiet">
            {underWay !== null ? <strong class="running">{say(whereabouts(underWay))}</strong> : checkKey !== null ? <strong class="running">{say(words.running)}</strong> : !over && say(statuses[status])}
            {expectedAt !== null && !over && underWay === null && ` · ${say(words.expected(clockTime(expectedAt)))}`}
          </span>
        </span>
      </button>
    </li>
  )
}

/** Where a trip is that is being loaded, and what is still to come. */
function whereabouts({ bay, nextBay, left, comesHere }: UnderWay): Words {
  if (comesHere) return bayWords.comesHere(left)
  return nextBay ? bayWords.goesTo(bay.name, nextBay.name) : bayWords.isAt(bay.name, left)
}

/** A check that goes on, whose waybill was not expected here today. */
export function CheckRow({ check, onOpen }: { check: Check; onOpen: () => void }) {
  const say = useSay()
  const { tractor, trailer, goods, number, verdict } = check
  return (
    <li>
      <button type="button" class="arrival missing" onClick={onOpen}>
        <span class="arrival-plates">
          {tractor ? <NumberPlate plate={tractor} /> : <span class="quiet">{say(words.noPlate)}</span>}
          {trailer && <NumberPlate plate={trailer} />}
        </span>
        <span class="arrival-what"><GoodsLines goods={goods} /><span class="quiet mono">{number}</span></span>
        <span class="arrival-state"><strong class="running">{say(verdict === null ? words.running : verdicts[verdict.word])}</strong></span>
      </button>
    </li>
  )
}

function GoodsLines({ goods }: { goods: readonly GoodsLine[] }) {
  const say = useSay()
  return (
    <>
      {goods.map(({ position, unNumber, name, quantity, unit }) => (
        <span key={position}><b class="mono">UN {unNumber}</b> {say(name)} <span class="nowrap">{amount(quantity, unit)}</span></span>
      ))}
    </>
  )
}
