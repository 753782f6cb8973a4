/**
 * What people do in a check. Each act is judged here and written down first; then the server is
 * asked, and its answer takes the place of ours. Without an answer the check goes on with ours.
 */

import type { Json } from '../core/json'
import type { Item } from '../core/evidence'
import { sha256 } from '../core/bytes'
import { iso } from '../core/clock'
import type { Sender } from '../net/sender'
import type { Change } from '../store/store'
import { type Act, type ActKind, SHOWN } from './acts'
import type { Case } from './case'
import type { Context } from './context'
import { asRefusal } from './enrolling'
import { reasonsHere } from './local'
import { type LastResult, Refusal, type Words } from './model'
import { isMissing, reasonOfOffline, stepOfOffline } from './reasons'

/** How long people wait for the server before the tablet answers by itself. */
const ANSWER_MS = 2_500
/** A verdict is worth more patience. */
export const VERDICT_MS = 8_000

export interface Deed {
  readonly kind: ActKind
  readonly path: string
  readonly json?: Json
  readonly item?: Item
  /** Nothing here proves it: a tag that the tablet does not know. */
  readonly unproven?: boolean
  /** As a record tells it, without `id` and `at`. */
  readonly evidence?: { readonly [name: string]: Json }
  readonly picture?: Uint8Array<ArrayBuffer>
  readonly waitMs?: number
  /** What was seen or said, for the screen. */
  readonly read?: Words
  readonly lastKind?: LastResult['kind']
  /** Who does it, where that is not who holds the tablet. */
  readonly by?: { readonly userId: string; readonly session: string }
}

/** Write an act down with what it makes of the check, send it, and return the server's answer. */
export async function perform(
  context: Context,
  sender: Sender,
  held: Case,
  deed: Deed,
  change: (held: Case) => Case = (same) => same,
): Promise<unknown> {
  const act = await newAct(context, held.key, deed)
  await context.journal.change(() => {
    const now = context.journal.case(held.key) ?? held
    const changed = change(now)
    const acts = [...context.journal.of(held.key), { ...act, seq: Number.MAX_SAFE_INTEGER }]
    if (!deed.read && !deed.lastKind) return { add: [act], cases: [changed], more: pictureOf(act, deed) }
    const last = lastHere(context, changed, acts, deed, act.at)
    return { add: [{ ...act, against: last.standing === 'failed' }], cases: [{ ...changed, last }], more: pictureOf(act, deed) }
  })
  return answer(context, sender, act.id, deed.waitMs ?? ANSWER_MS)
}

/** Wait for the server's answer to an act, as long as there is hope. `undefined`: there was none. */
export async function answer(context: Context, sender: Sender, id: string, waitMs: number): Promise<unknown> {
  if (!context.outside.connected()) {
    context.online.value = false
    void sender.flush()
    return undefined
  }
  if (waitMs === 0) {
    void sender.flush()
    return undefined
  }
  // A server that was away a moment ago is asked in the background: nobody waits for it twice.
  const patience = context.online.peek() ? waitMs : Math.min(waitMs, 400)
  const settled = sender.settled(id, patience)
  void sender.flush()
  const outcome = await settled
  if (outcome?.refused) throw asRefusal(outcome.refused)
  return outcome?.body
}

export async function newAct(context: Context, check: string | null, deed: Deed): Promise<Act> {
  const person = deed.by ?? context.person()
  const id = crypto.randomUUID()
  const at = context.moment()
  const photo = deed.picture ? await sha256(deed.picture) : null
  const evidence = deed.evidence ? { ...deed.evidence, ...(photo && deed.kind === 'photo' ? { sha256: photo } : {}), id } : null
  return {
    id,
    kind: deed.kind,
    check,
    path: deed.path,
    json: deed.json === undefined ? null : JSON.stringify(dated(context, deed, at)),
    photo,
    item: deed.item ?? null,
    evidence,
    at,
    person: person.userId,
    session: person.session,
    state: 'unsent',
    tries: 0,
    problem: null,
  }
}

/** What was seen or said says when: sent late it undoes nothing that was said since. */
function dated(context: Context, { kind, json }: Deed, at: number): Json | undefined {
  const known = context.device.peek()?.offset != null && context.clockBackMs() === 0
  return known && SHOWN.includes(kind) ? { ...(json as { readonly [name: string]: Json }), at: iso(at) } : json
}

export function pictureOf(act: Act, deed: Deed): readonly Change[] {
  return act.photo !== null && deed.picture ? [{ place: 'photos', key: act.photo, put: deed.picture }] : []
}

/** How the thing that was just shown did, by what is known here. */
function lastHere(context: Context, held: Case, acts: Parameters<typeof reasonsHere>[1], deed: Deed, at: number): LastResult {
  const reasons = reasonsHere(held, acts, context.known())
  const about = aboutOf(deed)
  const concerned = reasons.filter((reason) => about.includes(stepOfOffline(reason, (id) => id as never)))
  const own = concerned.filter((reason) => !isMissing(reason))
  const problem = deed.item?.type === 'scan' && deed.item.problem !== ''
  const failed = problem || own.some((reason) => reason.contradicts) || isNo(deed.item)
  const unproven = own.length > 0 || !held.arrival || deed.unproven === true
  return {
    at,
    standing: failed ? 'failed' : unproven ? 'unknown' : concerned.length > 0 ? 'missing' : 'passed',
    kind: deed.lastKind ?? 'answer',
    read: deed.read ?? { zh: '', en: '' },
    reasons: (own.length > 0 ? own : concerned).map(reasonOfOffline),
    note: null,
    judgedBy: 'tablet',
  }
}

function isNo(item: Item | undefined): boolean {
  return (item?.type === 'answer' && item.answer === 'no') || (item?.type === 'presence' && !item.present) || (item?.type === 'consent' && item.given === 'no')
}

function aboutOf({ item }: Deed): readonly string[] {
  switch (item?.type) {
    case 'scan':
      return [item.kind]
    case 'plate':
      return [item.unit === 'trailer' ? 'trailer_plate' : 'plate']
    case 'presence':
      return [item.role]
    case 'consent':
      return ['supervisor']
    case 'answer':
      return [item.question]
    default:
      return []
  }
}

/** Refuse what is done in a check that is over, or of which nobody has said yet whether it goes on at all. */
export function refuseOver(held: Case): void {
  if (held.phase === 'over') throw new Refusal('check-over', { zh: '该次查验已结束。', en: 'This check is over.' })
  if (held.earlier) throw new Refusal('earlier-first', EARLIER_FIRST)
}

const EARLIER_FIRST = { zh: '请先选择：继续之前的查验，或重新查验。', en: 'First choose whether to go on with the earlier check or to begin anew.' }
