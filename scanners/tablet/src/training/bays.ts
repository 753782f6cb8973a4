/** Several bays in training: two of them, and a trip that may be loaded at both. */

import type { WireArrival } from '../state/wire'
import type { WireItem, WireLoadedLine, WirePart, WireUnderWay } from '../state/wire_bays'
import { problem, type Reply } from './reply'
import { QUESTIONS } from './trips'

/** What training keeps of a check's bays. */
export interface BaysHeld {
  readonly checkedAt: string
  items: readonly WireItem[]
}

interface Loaded {
  readonly id: string
  readonly arrival: WireArrival
  readonly status: string
  readonly bays: BaysHeld
}

type Body = Readonly<Record<string, unknown>>

export const CLOSING_LIST = QUESTIONS.filter(({ rule }) => rule.startsWith('HAND-02')).map((each) => ({ ...each, answer: null }))

export function arrive({ status, bays }: Loaded, body: Body, at: string): Reply {
  if (status !== 'cleared') return problem(409, 'state', '尚未准装。', 'It is not cleared.')
  const confirmed = body.confirmed as readonly string[]
  if (CLOSING_LIST.some(({ id }) => !confirmed.includes(id))) return problem(422, 'invalid-field', '须逐项确认。', 'Confirm each of them.')
  const bay_id = String(body.bay_id)
  bays.items = [...bays.items, { type: 'bay_arrival', bay_id, at }]
  return [201, { bay_id, arrived_at: at, confirmed }]
}

export function recordPart(held: Loaded, body: Body, at: string): Reply {
  const { status, bays } = held
  if (status !== 'cleared') return problem(409, 'state', '尚未准装。', 'It is not cleared.')
  const part = { ...body, type: 'loading_part', at } as unknown as WirePart
  const arrivals = bays.items.flatMap((item) => (item.type === 'bay_arrival' && 'bay_id' in item ? [item.bay_id] : []))
  const stands = arrivals.at(-1) ?? bays.checkedAt
  if (part.bay_id !== stands && !linesIn(held, part)) return problem(409, 'state', '先在该车位逐项确认，再装货。', 'Confirm the list at this bay, then load.')
  bays.items = [...bays.items, part]
  return [201, { recorded_at: at, lines_out: linesOut(held), verdict: { judged_at: at, phase: 'after_loading', clears: false, findings: [] } }]
}

/** Whether each goods line is given once, in parts or with the release. */
export function isWhole(held: Loaded, body: Body): boolean {
  const given = (body.lines as readonly WireLoadedLine[]).map(({ position }) => position)
  return given.toSorted().join() === linesOut(held).toSorted().join()
}

/** The trips that are cleared and not released. */
export function underWay(checks: readonly Loaded[]): readonly WireUnderWay[] {
  return checks.filter(({ status }) => status === 'cleared').map((held) => {
    const last = held.bays.items.findLast((item) => 'bay_id' in item)
    return {
      check_id: held.id,
      waybill_id: held.arrival.waybill_id,
      number: held.arrival.number,
      vehicle_plate: held.arrival.plates.tractor.plate,
      vehicle_plate_colour: held.arrival.plates.tractor.colour,
      bay_id: last && 'bay_id' in last ? last.bay_id : held.bays.checkedAt,
      next_bay_id: last && 'next_bay_id' in last ? (last.next_bay_id ?? null) : null,
      lines_out: linesOut(held),
    }
  })
}

/** Whether a part only puts right what is in at its bay. */
function linesIn({ bays }: Loaded, part: WirePart): boolean {
  const there = bays.items.flatMap((item) => ('lines' in item && item.bay_id === part.bay_id ? item.lines : []))
  return part.lines.every(({ position }) => there.some((line) => line.position === position))
}

function linesOut({ arrival, bays }: Loaded): readonly number[] {
  const recorded = bays.items.flatMap((item) => ('lines' in item ? item.lines.map(({ position }) => position) : []))
  return arrival.goods.map(({ position }) => position).filter((position) => !recorded.includes(position))
}
