/** Loading at several bays in turn: what the plan is, and what an answer of the server makes of it. Pure. */

import { isUnsent } from './acts'
import type { Act } from './acts'
import type { Case } from './case'
import type { Asked, Bay, BayPlan, LoadedLine, PlannedLine } from './model'
import { reasonOf } from './reasons'
import type { WireArrived, WireItem, WireLoadedLine, WirePart, WirePartRecorded } from './wire_bays'

export interface Place {
  readonly bays: readonly Bay[]
  /** Where this tablet stands. */
  readonly here: Bay | null
}

/** The plan of a cleared trip; `null` where it can only be loaded at one bay. */
export function planOf(held: Case, acts: readonly Act[], { bays, here }: Place): BayPlan | null {
  if (held.phase !== 'after_loading' || !here || bays.length < 2) return null
  const checkedAt = bayCalled(bays, checkedAtOf(held))
  const items = held.server?.items ?? []
  const lines = linesOf(held, acts, bays)
  if (lines.length < 2 && here.id === checkedAt.id && lines.every(({ bay }) => bay === null)) return null
  const arrivals = items.filter(isArrival)
  const arrived = arrivals.findLast((item) => item.bay_id === here.id)
  const stands = arrivals.at(-1)?.bay_id ?? checkedAt.id
  // Where it has left, what is all in can still be put right; nothing more goes in before it is back.
  const allIn = (arrived !== undefined || here.id === checkedAt.id) && lines.every(({ bay }) => bay !== null)
  // One that waits for somebody who is not here, or that was not taken, is said anew.
  const coming = acts.some((act) => act.kind === 'arrival' && isUnsent(act) && act.problem === null)
  const last = lastPart(items, acts)
  return {
    here,
    checkedAt,
    arrival: stands === here.id || allIn ? 'here' : coming ? 'waiting' : 'needed',
    arrivedAt: arrived ? Date.parse(arrived.at) : null,
    closingList: (held.server?.closing_list ?? []).map(askedOf),
    lines,
    seals: sealsAt(here.id, [...items, ...waitingParts(acts)]),
    others: bays.filter(({ id }) => id !== here.id),
    nextBay: last?.next_bay_id ? bayCalled(bays, last.next_bay_id) : null,
    reasons: held.against ?? [],
  }
}

/** The seals of the parts at a bay that hold. */
function sealsAt(bay: string, items: readonly WireItem[]): readonly string[] {
  const parts = [...recordedLines(items).values()].map(({ part }) => part).filter(({ bay_id }) => bay_id === bay)
  return [...new Set(parts.flatMap(({ seals }) => seals))]
}

/** The bay at which a trip was checked. */
export function checkedAtOf({ server, bay }: Case): string {
  return server?.summary.bay_id ?? bay
}

/** What is in by the server's knowledge, by goods line: of two records of a line the later one holds. */
export function recordedLines(items: readonly WireItem[]): ReadonlyMap<number, { readonly part: WirePart; readonly line: WireLoadedLine }> {
  return new Map(items.filter(isPart).flatMap((part) => part.lines.map((line) => [line.position, { part, line }] as const)))
}

export function bayCalled(bays: readonly Bay[], id: string): Bay {
  return bays.find((bay) => bay.id === id) ?? { id, name: '—' }
}

/** The list was seen at a bay, and the server knows it. */
export function afterArrival(held: Case, { bay_id, arrived_at }: WireArrived): Case {
  return withItem(held, { type: 'bay_arrival', bay_id, at: arrived_at })
}

/** A part is in. With a next bay the trip is that one's, unless something would keep it from being released. */
export function afterPart(held: Case, act: Act, recorded: WirePartRecorded): Case {
  const part = { ...partOf(act), at: recorded.recorded_at }
  const against = recorded.verdict.findings.filter(({ outcome, severity }) => outcome === 'failed' && severity === 'STOP').map(reasonOf)
  // Whoever has asked for the release meanwhile has loaded the rest here.
  const goesOn = Boolean(part.next_bay_id) && against.length === 0 && held.verdict?.word === 'cleared'
  return { ...withItem(held, part), against, phase: goesOn ? 'over' : held.phase }
}

function withItem(held: Case, item: WireItem): Case {
  return held.server ? { ...held, server: { ...held.server, items: [...(held.server.items ?? []), item] } } : held
}

function linesOf(held: Case, acts: readonly Act[], bays: readonly Bay[]): readonly PlannedLine[] {
  const known = recordedLines(held.server?.items ?? [])
  const waiting = recordedLines(waitingParts(acts))
  const goods = held.server?.goods ?? held.arrival?.goods ?? []
  return goods.map(({ position }) => {
    const found = waiting.get(position) ?? known.get(position)
    return {
      position,
      bay: found ? bayCalled(bays, found.part.bay_id) : null,
      loaded: found ? loadedLine(found.line) : null,
      waiting: waiting.has(position),
    }
  })
}

function lastPart(items: readonly WireItem[], acts: readonly Act[]): WirePart | undefined {
  return [...items.filter(isPart), ...waitingParts(acts)].at(-1)
}

/** The parts that the server does not have yet. */
export function waitingParts(acts: readonly Act[]): readonly WirePart[] {
  return acts.filter((act) => act.kind === 'part' && isUnsent(act)).map(partOf)
}

/** The part that an act brings: its body has the names of the evidence. */
export function partOf({ json }: Act): WirePart {
  return { type: 'loading_part', at: '', ...(JSON.parse(json ?? '{}') as Omit<WirePart, 'type' | 'at'>) }
}

function loadedLine(line: WireLoadedLine): LoadedLine {
  return {
    position: line.position,
    quantityKg: line.quantity_kg,
    quantityL: line.quantity_l ?? null,
    temperatureC: line.temperature_c ?? null,
    densityKgL: line.density_kg_l ?? null,
    shortReason: line.short_reason ?? '',
  }
}

function askedOf({ id, zh, en, rule }: NonNullable<NonNullable<Case['server']>['closing_list']>[number]): Asked {
  return {
    id,
    group: 'closing_list',
    text: { zh, en },
    source: { zh: rule, en: rule },
    answers: ['yes', 'no'],
    answer: null,
    wantsPhoto: false,
    mayBeLetPass: false,
  }
}

function isArrival(item: WireItem): item is Extract<WireItem, { type: 'bay_arrival' }> {
  return item.type === 'bay_arrival'
}

function isPart(item: WireItem): item is WirePart {
  return item.type === 'loading_part'
}
