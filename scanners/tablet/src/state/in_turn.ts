/** What people do while a trip is loaded at several bays in turn, and with checks begun elsewhere. */

import { iso } from '../core/clock'
import type { Json } from '../core/json'
import type { Sender } from '../net/sender'
import { isUnsent } from './acts'
import { checkedAtOf, partOf, recordedLines, waitingParts } from './bays'
import { type Case, heardAgain } from './case'
import { type Deed, newAct, perform, refuseOver, VERDICT_MS } from './checking'
import type { Context } from './context'
import { change, look } from './deeds'
import { asked } from './enrolling'
import { type LoadedLine, type Loading, type Part, Refusal } from './model'
import type { WireCheck } from './wire'
import type { WireLoadedLine } from './wire_bays'

/** Say that the vehicle stands here and its list was seen. It counts once the server knows it. */
export async function arriveHere(context: Context, sender: Sender, held: Case, confirmed: readonly string[]): Promise<void> {
  refuseOver(held)
  const waiting = context.journal.of(held.key).filter((act) => act.kind === 'arrival' && isUnsent(act))
  if (waiting.some(({ problem }) => problem === null)) return void sender.flush()
  // It waits for somebody who is not here, or the server did not take it: it is said anew.
  if (waiting.length > 0) await context.journal.change(() => ({ acts: waiting.map((act) => ({ ...act, state: 'dropped' })) }))
  const json = { bay_id: bayHere(context), confirmed: [...confirmed] }
  await perform(context, sender, held, { kind: 'arrival', path: '/checks/{check}/bays', json, waitMs: VERDICT_MS })
}

/** Record what went in here. One that never went, or that the server did not take, is replaced. */
export async function recordPart(context: Context, sender: Sender, held: Case, part: Part): Promise<void> {
  refuseOver(held)
  const bay = bayHere(context)
  const waiting = context.journal.of(held.key).filter((act) => act.kind === 'part' && isUnsent(act) && partOf(act).bay_id === bay)
  const old = waiting.filter((act) => act.tries === 0 || act.problem !== null)
  if (old.length > 0) await context.journal.change(() => ({ acts: old.map((act) => ({ ...act, state: 'dropped' })) }))
  const anew = part.lines.map(({ position }) => position)
  // What stood in the one that is replaced and is not entered anew goes with this one.
  const kept = [...recordedLines(old.map(partOf)).values()].map(({ line }) => line).filter(({ position }) => !anew.includes(position))
  const json = {
    bay_id: bay,
    lines: [...kept.map((line) => ({ ...line })), ...part.lines.map(lineBody)],
    started_at: iso(part.startedAt),
    finished_at: iso(part.finishedAt),
    seals: [...part.seals],
    ...offsetOf(context),
    ...(part.nextBay === null ? {} : { next_bay_id: part.nextBay }),
  }
  await perform(context, sender, held, { kind: 'part', path: '/checks/{check}/loading-parts', json, waitMs: VERDICT_MS })
}

/**
 * The lines of the last record that the release itself brings. What went in at another bay than the
 * check's, and what was recorded before and is otherwise now, goes as a part first: a seal that is
 * another now belongs to all that was recorded here, since the record of a load has those of every part.
 */
export async function recordBefore(context: Context, sender: Sender, held: Case, loading: Loading): Promise<readonly LoadedLine[]> {
  const known = recordedLines([...(held.server?.items ?? []), ...waitingParts(context.journal.of(held.key))])
  const fresh = loading.lines.filter(({ position }) => !known.has(position))
  const here = [...known.values()].filter(({ part }) => part.bay_id === bayHere(context))
  const resealed = here.some(({ part }) => part.seals.some((seal) => !loading.seals.includes(seal)))
  const isAnew = (line: LoadedLine): boolean => resealed && here.some((each) => each.line.position === line.position)
  const changed = loading.lines.filter((line) => known.has(line.position) && (isAnew(line) || !isSame(line, known.get(line.position)?.line)))
  const elsewhere = bayHere(context) !== checkedAtOf(held)
  const lines = elsewhere ? [...changed, ...fresh] : changed
  if (lines.length > 0) await recordPart(context, sender, held, { ...loading, lines, nextBay: null })
  return elsewhere ? [] : fresh
}

/** By how much this clock is wrong, which the times allow for. */
export function offsetOf({ device }: Context): { readonly clock_offset_ms?: number } {
  const offset = device.peek()?.offset
  return offset == null ? {} : { clock_offset_ms: offset }
}

/** A goods line as the server takes it. */
export function lineBody(line: LoadedLine): Json {
  return {
    position: line.position,
    quantity_kg: line.quantityKg,
    quantity_l: line.quantityL,
    temperature_c: line.temperatureC,
    density_kg_l: line.densityKgL,
    ...(line.shortReason === '' ? {} : { short_reason: line.shortReason }),
  }
}

/** Find out how the earlier check stands that the server named when this one was opened. */
export async function meetEarlier(context: Context, key: string, id: string): Promise<void> {
  const held = context.journal.case(key)
  if (!held) return
  const token = await context.tokens.of(context.person().session)
  const earlier = await asked(() => context.api.call<WireCheck>({ method: 'GET', path: `/checks/${id}`, token }))
  await change(context, held, (now) => ({ ...now, earlier }))
}

/** Go on with the earlier check; the one just opened is ended, as nothing was done in it. */
export async function goOnWithEarlier(context: Context, sender: Sender, held: Case): Promise<void> {
  const { earlier, serverId } = held
  if (!earlier) return
  const act = serverId === null ? null : await newAct(context, null, setAside(serverId))
  await context.journal.change(() => ({
    add: act ? [act] : [],
    cases: [{
      ...heardAgain(context.journal.case(held.key) ?? held),
      server: earlier,
      serverId: earlier.summary.id,
      kept: earlier.still_standing ?? [],
      earlier: null,
      begunElsewhere: true,
      last: null,
    }],
  }))
  void sender.flush()
  // It was met when the choice was put; whoever chose may have taken a while.
  await look(context, held.key).catch(() => undefined)
}

export async function beginAnew(context: Context, held: Case): Promise<void> {
  await change(context, held, (now) => ({ ...now, earlier: null }))
}

/** End a check that was opened although another one is gone on with. */
export function setAside(checkId: string): Deed {
  return { kind: 'set_aside', path: `/checks/${checkId}/abort`, json: { reason: SET_ASIDE } }
}

/** Which bay this tablet stands at now: it may be carried from one to the next. */
export function bayHere(context: Context): string {
  const bay = context.device.peek()?.bay
  if (!bay) throw new Refusal('no-bay', { zh: '请先选择车位。', en: 'Choose the bay first.' })
  return bay
}

function isSame(line: LoadedLine, known: WireLoadedLine | undefined): boolean {
  const figure = (text: string | null | undefined): number | null => (text == null ? null : Number(text))
  return known !== undefined
    && figure(line.quantityKg) === figure(known.quantity_kg)
    && figure(line.quantityL) === figure(known.quantity_l)
    && figure(line.temperatureC) === figure(known.temperature_c)
    && figure(line.densityKgL) === figure(known.density_kg_l)
    && line.shortReason === (known.short_reason ?? '')
}

const SET_ASIDE = '继续之前的查验 / going on with an earlier check'
