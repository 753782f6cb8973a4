/** Opening a check with a waybill's code or number. */

import { iso } from '../core/clock'
import { idOfWaybill, parsePlate, present } from '../core/presenting'
import type { Sender } from '../net/sender'
import type { Case } from './case'
import { answer, newAct } from './checking'
import type { Context } from './context'
import { asRefusal } from './enrolling'
import { type How, Refusal } from './model'
import { problemWords, readWords } from './readings'
import type { WireArrival, WireOpened } from './wire'

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
  if (going) return going.key
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
  } catch (error) {
    await discard(context, held.key)
    throw asRefusal(error)
  }
  return held.key
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

interface Start {
  readonly bay: string
  readonly text: string
  readonly typed: boolean
  readonly arrival: WireArrival | null
  readonly waybillId: string | null
  readonly revision: number | null
}

function newCase(context: Context, { bay, text, typed, arrival, waybillId, revision }: Start): Case {
  return {
    key: crypto.randomUUID(),
    openedAt: context.moment(),
    bay,
    text,
    typed,
    waybillId,
    revision: revision ?? arrival?.revision ?? null,
    serverId: null,
    arrival,
    server: null,
    phase: 'before_loading',
    last: null,
    verdict: null,
    verdicts: { tablet: null, server: null },
    kept: [],
    records: [],
    releaseCode: null,
    contradiction: null,
    caseAddress: null,
    answers: {},
    controls: {},
    tags: [],
    shown: [],
    pictures: [],
  }
}
