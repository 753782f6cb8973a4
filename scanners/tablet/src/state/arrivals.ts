/** Today's arrivals, with what is being loaded among them. */

import { bayCalled } from './bays'
import type { Case } from './case'
import type { Context } from './context'
import type { Arrival, Bay, UnderWay } from './model'
import { standing } from './reasons'
import { goodsLine, plate } from './view'
import type { WireArrival } from './wire'
import type { WireUnderWay } from './wire_bays'

/** Those that come to this bay from another one stand first. */
export function arrivalsOf(context: Context, here: Bay | null): readonly Arrival[] {
  const bays = context.device.value?.bays ?? []
  const going = new Map(context.underWay.value.map((each) => [each.waybill_id, underWayOf(each, bays, here)]))
  const expected = (context.kept.value?.bundle.arrivals ?? []).map((arrival) => arrivalOf(context, arrival, going.get(arrival.waybill_id) ?? null))
  const listed = new Set(expected.map(({ waybillId }) => waybillId))
  const others = context.underWay.value.filter((each) => !listed.has(each.waybill_id)).map((each) => unexpected(context, each, going.get(each.waybill_id) ?? null))
  const all = [...others, ...expected]
  return all.toSorted((one, other) => Number(other.underWay?.comesHere ?? false) - Number(one.underWay?.comesHere ?? false))
}

function underWayOf({ check_id, bay_id, next_bay_id, lines_out }: WireUnderWay, bays: readonly Bay[], here: Bay | null): UnderWay {
  return {
    checkId: check_id,
    bay: bayCalled(bays, bay_id),
    nextBay: next_bay_id === null ? null : bayCalled(bays, next_bay_id),
    left: lines_out.length,
    comesHere: next_bay_id !== null && next_bay_id === here?.id,
  }
}

/** One that is being loaded and was not expected today: little is known of it before it is gone on with. */
function unexpected({ journal }: Context, each: WireUnderWay, underWay: UnderWay | null): Arrival {
  return {
    waybillId: each.waybill_id,
    number: each.number,
    tractor: plate(each.vehicle_plate, each.vehicle_plate_colour),
    trailer: null,
    goods: [],
    carrier: '',
    expectedAt: null,
    status: 'cleared',
    readiness: 'passed',
    reasons: [],
    checkKey: goingOf(journal, each.waybill_id)?.key ?? null,
    underWay,
  }
}

function goingOf(journal: Context['journal'], waybillId: string): Case | undefined {
  return [...journal.cases.value.values()].find((held) => held.waybillId === waybillId && held.phase !== 'over')
}

function arrivalOf({ journal }: Context, arrival: WireArrival, underWay: UnderWay | null): Arrival {
  const { trailer } = arrival.plates
  const going = goingOf(journal, arrival.waybill_id)
  const findings = standing(arrival.preclearance.findings ?? [])
  return {
    waybillId: arrival.waybill_id,
    number: arrival.number,
    tractor: plate(arrival.plates.tractor.plate, arrival.plates.tractor.colour),
    trailer: trailer ? plate(trailer.plate, trailer.colour) : null,
    goods: arrival.goods.map(goodsLine),
    carrier: arrival.carrier ?? '',
    expectedAt: arrival.expected_at ? Date.parse(arrival.expected_at) : null,
    status: underWay && arrival.status === 'issued' ? 'cleared' : (arrival.status as Arrival['status']),
    readiness: arrival.readiness ?? (arrival.preclearance.would_clear ? 'passed' : 'failed'),
    reasons: findings,
    checkKey: going?.key ?? null,
    underWay,
  }
}
