/** Opening a check with a waybill's code or number. */

import { iso } from '../core/clock'
import { idOfWaybill, parsePlate, present } from '../core/presenting'
import type { Sender } from '../net/sender'
import type { Case } from './case'
import { answer, newAct } from './checking'
import type { Context } from './context'
import { look } from './deeds'
import { asRefusal } from './enrolling'
import { meetEarlier, setAside } from './in_turn'
import { quietly } from './keeping'
import { type How, Refusal } from './model'
import { newCase } from './new_case'
import { problemWords, readWords } from './readings'
import { refreshUnderWay, takeOver } from './under_way'
import type { WireArrival, WireCheck, WireOpened } from './wire'

/** The first answer decides whether there is a check at all, so it is waited for a little longer. */
const OPENING_MS = 5_000

export async function openCheck(context: Context, sender: Sender, text: string, how: How): Promise<string> {
  const bay = context.device.peek()?.bay
  if (!bay) throw new Refusal('no-bay', { zh: '请先选择车位。', en: 'Choose the bay first.' })
  const typed = how === 'typed' || how === 'pasted'
  const { item, claims, problem } = await present(text, await context.keys(), context.serverNow(), typed, 'waybill')
  if (item && item.kind !== 'waybill') throw new Refusal('not-a-waybill', problemWords('not-a-waybill') ?? { zh: '', en: '' })
  const arrival = findArrival(context, item?.subject ?? '', text)
  const waybillId = claims?.kind === 'waybill' ? idOfWaybill(claims.jti) : (arrival?.waybill_id ?? null)
  const going = waybillId && openCaseOf(context, waybillId)
  if (going) {
    void quietly(context, () => look(context, going.key))
    return going.key
  }
  const cleared = waybillId && (await underWayOf(context, waybillId, arrival?.status === 'cleared'))
  if (cleared) return takeOver(context, cleared)
  const held = newCase(context, { bay, text, typed, arrival, waybillId, revision: claims?.kind === 'waybill' ? claims.rev : null })
  const act = await newAct(context, held.key, {
    kind: 'open',
    path: '/checks',
    json: { bay_id: bay, text, typed, ...(context.device.peek()?.offset == null ? {} : { at: iso(context.moment()) }) },
    ...(item ? { item } : {}),
    evidence: { type: 'scan', text, typed, expected: 'waybill' },
  })
  const last = {
    at: context.moment(), standing: problem ? 'failed' : arrival ? 'passed' : 'unknown', kind: 'waybill',
    read: readWords(item), reasons: [], note: problemWords(problem), judgedBy: 'tablet',
  } as const
  await context.journal.change(() => ({ add: [act], cases: [{ ...held, last }] }))
  try {
    const opened = (await answer(context, sender, act.id, OPENING_MS)) as WireOpened | undefined
    if (opened && !opened.check) throw new Refusal(opened.problem || 'not-opened', opened.problem_words)
    // Nobody has said that there is such a waybill, and what was shown is no proof of one.
    if (!opened && problem) throw new Refusal(problem, problemWords(problem) ?? { zh: '', en: '' })
    return await instead(context, sender, held.key, opened?.check ?? null)
  } catch (error) {
    await discard(context, held.key)
    throw asRefusal(error)
  }
}

/** The check to go on with: the one just opened, unless another bay has cleared the trip meanwhile. */
async function instead(context: Context, sender: Sender, key: string, opened: WireCheck | null): Promise<string> {
  if (!opened) return key
  const used = opened.steps.some(({ kind, state }) => kind === 'waybill' && state === 'failed')
  const cleared = used ? await underWayOf(context, opened.waybill.id, true) : null
  if (cleared) {
    const taken = await takeOver(context, cleared)
    await discard(context, key)
    const act = await newAct(context, null, setAside(opened.summary.id))
    await context.journal.change(() => ({ add: [act] }))
    void sender.flush()
    return taken
  }
  // Whoever began it elsewhere is not here: without an answer the check begins anew.
  if (opened.earlier_id) await meetEarlier(context, key, opened.earlier_id).catch(() => undefined)
  return key
}

/** The check of a trip that this facility has cleared; asked anew where the list may be behind. */
async function underWayOf(context: Context, waybillId: string, ask: boolean): Promise<string | null> {
  const known = (): string | null => context.underWay.peek().find((each) => each.waybill_id === waybillId)?.check_id ?? null
  if (known() === null && ask) await quietly(context, () => refreshUnderWay(context))
  return known()
}

/** A check that never was one leaves nothing behind. */
async function discard(context: Context, key: string): Promise<void> {
  const acts = context.journal.of(key).map((act) => act.seq)
  await context.journal.change(() => ({ remove: { cases: [key], acts } }))
}

export function openCaseOf(context: Context, waybillId: string): Case | undefined {
  return [...context.journal.cases.peek().values()].find((held) => held.waybillId === waybillId && held.phase !== 'over')
}

function findArrival(context: Context, subject: string, text: string): WireArrival | null {
  const plate = parsePlate(text)
  const matches = (arrival: WireArrival): boolean =>
    arrival.waybill_id === subject || arrival.number === subject || arrival.number === text.trim().toUpperCase() ||
    (plate !== null && arrival.plates.tractor.plate === plate)
  return context.kept.peek()?.bundle.arrivals.find(matches) ?? null
}
