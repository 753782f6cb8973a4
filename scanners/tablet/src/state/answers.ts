/** What an answer of the server makes of a check. Pure: an act and its answer in, the check out. */

import type { Act } from './acts'
import { type Case, heardAgain } from './case'
import type { LastResult, Reason, Verdict, VerdictWord, Words } from './model'
import { afterArrival, afterPart } from './bays'
import { ABORTED, CANCELLED, FORGOTTEN, reasonOfOffline, standing } from './reasons'
import { payloadOf } from './recording'
import type { WireArrived, WirePartRecorded } from './wire_bays'
import type { WireAddition, WireCheck, WireDecision, WireOpened, WireRecorded, WireRelease } from './wire'

const SILENCE: Words = { zh: '', en: '' }
const AFTER_CLEARANCE: readonly VerdictWord[] = ['cleared', 'release_waiting', 'release_refused']

/**
 * Return the check as it stands after an answer; the same where it says nothing of it. `later` is
 * what was done in the check after the act that is answered.
 */
export function afterAnswer(held: Case, act: Act, body: unknown, now: number, later: readonly Act[] = []): Case {
  switch (act.kind) {
    case 'open':
      return afterOpening(held, body as WireOpened, now)
    case 'scan':
    case 'plate':
    case 'presence':
    case 'answer':
    case 'photo':
    case 'override':
      return afterAddition(held, act, body as WireAddition, now)
    case 'decision':
      return afterDecision(held, body as WireDecision, now, later)
    case 'release':
      return afterRelease(held, body as WireRelease)
    case 'record':
      return afterRecord(held, act, body as WireRecorded, now)
    case 'abort':
      return { ...held, phase: 'over' }
    case 'arrival':
      return afterArrival(held, body as WireArrived)
    case 'part':
      return afterPart(held, act, body as WirePartRecorded)
    default:
      return held
  }
}

/** The same, and counted as heard. The server has the act: an answer that this version cannot read holds nothing up. */
export function afterHearing(held: Case, act: Act, body: unknown, now: number, later: readonly Act[]): Case {
  try {
    return heardAgain(afterAnswer(held, act, body, now, later))
  } catch {
    return heardAgain(held)
  }
}

/**
 * The check as the server shows it, with what was decided of it elsewhere meanwhile. `waiting` is what
 * the server does not have yet: an own decision comes with its own answer, and what was seen against
 * the load since is not in what the server says.
 */
export function afterLook(held: Case, server: WireCheck, waiting: readonly Act[] = []): Case {
  const known = withServer(held, server)
  const { status } = server.summary
  if (status === 'released') return { ...known, phase: 'over', verdict: decidedElsewhere(known, server, 'released') }
  if (status === 'aborted') return { ...known, phase: 'over', verdict: clearedNoMore(held, ABORTED) }
  if (status === 'cleared' && server.waybill.status === 'cancelled') {
    return { ...known, phase: held.phase === 'over' ? 'over' : 'before_loading', verdict: clearedNoMore(held, CANCELLED) }
  }
  // As after a restored backup: the server holds no clearance, whatever it said once.
  if (status !== 'cleared' && held.verdicts.server?.word === 'cleared') {
    return { ...known, phase: 'before_loading', verdict: clearedNoMore(held, FORGOTTEN), verdicts: { ...held.verdicts, server: null } }
  }
  const stopped = isStopped(held) || waiting.some((act) => act.kind === 'decision' || speaksAgainst(act))
  const behind = status === 'cleared' && held.phase === 'before_loading' && !stopped
  return behind ? decidedBy(known, decidedElsewhere(known, server, 'cleared')) : known
}

/** What was cleared and then ended is cleared no more; how it was refused before stays. */
function clearedNoMore({ verdict }: Case, reason: Reason): Verdict | null {
  if (!verdict || !AFTER_CLEARANCE.includes(verdict.word)) return verdict
  // When is not said; it is another verdict than the one that it ends, and takes the screen.
  return { word: 'refused', at: verdict.at + 1, judgedBy: 'server', reasons: [reason] }
}

function decidedElsewhere(held: Case, server: WireCheck, word: 'cleared' | 'released'): Verdict {
  if (held.verdict?.word === word && held.verdict.judgedBy === 'server') return held.verdict
  const found = server.verdicts?.at(-1)
  const at = found ? Date.parse(found.judged_at) : held.openedAt
  return { word, at, judgedBy: 'server', reasons: standing(found?.findings ?? []) }
}

/** The check as the server shows it, when it was asked. */
export function withServer(held: Case, server: WireCheck): Case {
  return {
    ...held,
    server,
    serverId: server.summary.id,
    waybillId: server.waybill.id,
    revision: server.waybill.revision,
  }
}

function afterOpening(held: Case, opened: WireOpened, now: number): Case {
  if (!opened.check) return held
  const last: LastResult = {
    at: now, standing: 'passed', kind: 'waybill', read: opened.read, reasons: [], note: null, judgedBy: 'server',
  }
  return { ...withServer(held, opened.check), last }
}

function afterAddition(held: Case, act: Act, added: WireAddition, now: number): Case {
  const last: LastResult = {
    at: now,
    standing: standingOf(act, added),
    kind: held.last?.kind ?? 'answer',
    read: added.read.zh ? added.read : (held.last?.read ?? SILENCE),
    reasons: standing(added.findings),
    note: said(added.problem_words) ?? said(added.note),
    judgedBy: 'server',
  }
  if (!held.server) return { ...held, last }
  // After the clearance there are no steps; what is said then is about the release.
  const steps = added.steps.length > 0 ? added.steps : held.server.steps
  const questions = held.server.questions.map((asked) =>
    act.item?.type === 'answer' && act.item.question === asked.id ? { ...asked, answer: act.item.answer === 'yes' } : asked,
  )
  return { ...held, last, server: { ...held.server, steps, questions, would_clear: added.would_clear } }
}

/** How what was shown did. A fine card whose holder nobody has seen yet lacks something and is not doubtful. */
function standingOf({ item }: Act, { outcome, steps }: WireAddition): LastResult['standing'] {
  if (outcome === 'failed') return 'failed'
  if (outcome !== 'unknown') return 'passed'
  const step = item?.type === 'scan' && !item.problem ? steps.find(({ kind }) => kind === item.kind) : undefined
  return step?.state === 'missing' ? 'missing' : 'unknown'
}

/** Somebody here saw what forbids it: that stands until the check is gone on with, whatever the server knew. */
function isStopped({ verdict }: Case): boolean {
  return verdict?.judgedBy === 'tablet' && verdict.word === 'refused'
}

function speaksAgainst({ against, state }: Act): boolean {
  return against === true && state !== 'dropped'
}

function afterDecision(held: Case, decided: WireDecision, now: number, later: readonly Act[]): Case {
  const verdict: Verdict = {
    word: decided.cleared ? 'cleared' : 'refused',
    at: Date.parse(decided.decided_at),
    judgedBy: 'server',
    reasons: standing(decided.verdict.findings),
  }
  // What was ended meanwhile, here or elsewhere, is not begun again by what was decided before.
  if (held.phase === 'over') return { ...held, verdicts: { ...held.verdicts, server: verdict } }
  const server = held.server && { ...held.server, steps: decided.steps, would_clear: decided.cleared }
  const passed = decided.steps.filter((step) => step.state === 'passed').map((step) => step.kind)
  const kept = decided.cleared ? [] : (decided.still_standing ?? passed)
  // The answer may come late: what was seen since is not in it.
  const stopped = isStopped(held) ? held.verdict : later.some(speaksAgainst) ? refusedSince(now) : null
  if (decided.cleared && stopped) {
    return { ...decidedBy(held, stopped), verdicts: { tablet: stopped, server: verdict }, server, kept: passed }
  }
  return { ...decidedBy(held, verdict), server, kept }
}

function refusedSince(at: number): Verdict {
  return { word: 'refused', at, judgedBy: 'tablet', reasons: [reasonOfOffline({ code: 'said-no-since', about: '', contradicts: true })] }
}

function afterRelease(held: Case, release: WireRelease): Case {
  const verdict: Verdict = {
    word: release.released ? 'released' : 'release_refused',
    at: Date.parse(release.judged_at),
    judgedBy: 'server',
    reasons: standing(release.verdict.findings),
  }
  if (held.phase === 'over' && !release.released) return held
  return { ...held, verdict, phase: release.released ? 'over' : 'after_loading' }
}

function afterRecord(held: Case, { json }: Act, recorded: WireRecorded, now: number): Case {
  const known = { ...held, serverId: held.serverId ?? recorded.check_id }
  const words: Words = { zh: recorded.message_zh, en: recorded.message_en }
  const cleared = recorded.server_verdict?.cleared ?? false
  const { decision } = payloadOf(json)
  if (recorded.state === 'accepted') {
    // A record that decides nothing, or one of an earlier decision, makes no verdict the server's.
    if (!held.verdict || held.verdict.judgedBy === 'server' || !decision || decision === 'not_proven') return known
    const confirmed: Verdict = { ...held.verdict, judgedBy: 'server' }
    return saysAlike(held.verdict, decision) ? { ...known, verdicts: { ...held.verdicts, server: confirmed }, verdict: confirmed } : known
  }
  const told = { ...known, contradiction: words, caseAddress: recorded.case_id && `/cases/${recorded.case_id}` }
  const server: Verdict = { word: cleared ? 'cleared' : 'refused', at: now, judgedBy: 'server', reasons: [] }
  // The load stands still on either side's no: what was cleared here is cleared no more.
  const stops = !cleared && (held.verdict?.word === 'cleared' || held.verdict?.word === 'release_waiting')
  if (stops) return { ...told, verdicts: { ...held.verdicts, server }, verdict: server, phase: 'before_loading' }
  return { ...told, verdicts: { ...held.verdicts, server } }
}

/** Whether a record's decision is what is shown: a load that waits for its release was cleared. */
function saysAlike({ word }: Verdict, decision: string): boolean {
  return word === decision || (word === 'release_waiting' && decision === 'cleared')
}

/** A check that either side has decided. */
export function decidedBy(held: Case, verdict: Verdict): Case {
  const verdicts = { ...held.verdicts, [verdict.judgedBy]: verdict }
  return { ...held, verdict, verdicts, phase: verdict.word === 'cleared' ? 'after_loading' : 'before_loading' }
}

function said(words: Words): Words | null {
  return words.zh || words.en ? words : null
}
