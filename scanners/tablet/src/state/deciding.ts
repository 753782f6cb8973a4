/** The verdict, what follows it, and the records of what was decided without network. */

import { type Act, isUnsent } from './acts'
import { decidedBy } from './answers'
import type { Case } from './case'
import { answer, perform, refuseOver, VERDICT_MS } from './checking'
import type { Context } from './context'
import { change, look } from './deeds'
import { lineBody, offsetOf, recordBefore } from './in_turn'
import { decideHere, stepsHere, reasonsHere } from './local'
import { iso } from '../core/clock'
import type { Json } from '../core/json'
import type { Sender } from '../net/sender'
import { type Loading, Refusal, type Verdict } from './model'
import type { DeviceRow, PersonRow } from './places'
import { type Conclusion, makeRecord, type Taking } from './recording'

export async function decide(context: Context, sender: Sender, key: string): Promise<void> {
  const held = context.journal.case(key)
  if (!held) return
  refuseOver(held)
  // Without network there is nothing to wait for, and no decision of the server's to ask for later.
  if (context.online.peek() && context.outside.connected()) {
    const deed = { kind: 'decision', path: '/checks/{check}/decision', waitMs: VERDICT_MS } as const
    // One that waits already, from before a reload, is the same question if nothing was shown since.
    const acts = context.journal.of(key)
    const shown = acts.findLast((act) => act.item !== null)?.seq ?? 0
    const asked = acts.find((act) => act.kind === 'decision' && isUnsent(act) && act.seq > shown)
    const answered = asked ? await answer(context, sender, asked.id, VERDICT_MS) : await perform(context, sender, held, deed)
    if (answered !== undefined) return afterVerdict(context, key)
  }
  await decideAlone(context, key)
  void sender.flush()
}

/** What follows a clearance is asked by the server. */
async function afterVerdict(context: Context, key: string): Promise<void> {
  if (context.journal.case(key)?.phase === 'after_loading') await look(context, key).catch(() => undefined)
}

async function decideAlone(context: Context, key: string): Promise<void> {
  const known = context.known()
  const at = known.at.getTime()
  await record(context, key, (held) => {
    const acts = context.journal.of(key)
    const { decision, reasons, spoken } = decideHere(held, acts, known)
    const verdict: Verdict = { word: decision, at, judgedBy: 'tablet', reasons: spoken }
    const steps = stepsHere(held, reasonsHere(held, acts, known), [])
    const kept = decision === 'cleared' ? [] : steps.filter((step) => step.standing === 'passed').map((step) => step.kind)
    return { held: { ...decidedBy(held, verdict), kept }, conclusion: { decision, reasons, at } }
  })
}

/**
 * A check whose acts the server's ordinary way does not take goes as a record. It decides nothing:
 * what was decided here went with a record of its own, and what is told now may have come later.
 */
export async function convert(context: Context, key: string, taking: Taking): Promise<void> {
  await record(context, key, (held) => ({ held, conclusion: UNDECIDED }), taking)
}

const UNDECIDED: Conclusion = { decision: null, reasons: [], at: null }

/** Number, signature, evidence and what they replace, in one transaction. */
async function record(
  context: Context,
  key: string,
  conclude: (held: Case) => { readonly held: Case; readonly conclusion: Conclusion },
  taking: Taking = 'all',
): Promise<void> {
  await context.outside.numbering(() => context.inTurn(async () => {
    // Another tab may have taken a number since this one has read it.
    const device = await context.store.get<DeviceRow>('device', 'device')
    if (!device) return
    let next = device
    await context.journal.change(async () => {
      const before = context.journal.case(key)
      if (!before) return {}
      const { held, conclusion } = conclude(before)
      const acts = context.journal.of(key)
      const { person, session } = whoseRecord(acts, context.people.peek().find(({ userId }) => userId === device.person), conclusion)
      const made = await makeRecord({
        device,
        held,
        acts,
        conclusion,
        bundle: context.kept.peek()?.bundle.id ?? null,
        person,
        session,
        now: context.now(),
        moment: context.moment(),
        taking,
      })
      next = made.change && 'put' in made.change ? (made.change.put as typeof device) : device
      return { cases: [made.held], add: [made.act, ...made.pictures], acts: made.replaced, more: [made.change] }
    })
    context.device.value = next
  }))
}

/**
 * Whoever decides answers for it; what decides nothing is told by whoever began it. The session is
 * that in which the check was begun, since whoever signed on anew in its middle was there before.
 */
function whoseRecord(acts: readonly Act[], holder: PersonRow | undefined, { decision }: Conclusion): Pick<Act, 'person' | 'session'> {
  const own = acts.filter(({ session }) => session !== null)
  const first = own.at(0)
  const decider = decision === null ? undefined : holder
  const person = decider?.userId ?? first?.person ?? holder?.userId ?? null
  const session = own.find((act) => act.person === person)?.session ?? decider?.session ?? holder?.session ?? null
  return { person, session }
}

/** After a refusal: what has passed stands, and only what changed is asked again. */
export async function recheck(context: Context, key: string): Promise<void> {
  const held = context.journal.case(key)
  if (!held) return
  refuseOver(held)
  await change(context, held, (now) => ({ ...now, verdict: null, phase: 'before_loading', last: null }))
  await look(context, key).catch(() => undefined)
}

/** Enter what was loaded. The release is the server's alone: without it the load waits. */
export async function enterLoading(context: Context, sender: Sender, key: string, loading: Loading): Promise<void> {
  const held = context.journal.case(key)
  if (!held) return
  refuseOver(held)
  if (held.phase !== 'after_loading') throw new Refusal('not-cleared', { zh: '尚未准装。', en: 'It is not cleared yet.' })
  const lines = await recordBefore(context, sender, held, loading)
  const waiting: Verdict = { word: 'release_waiting', at: context.moment(), judgedBy: 'tablet', reasons: [] }
  const json = { ...loadingBody({ ...loading, lines }), ...offsetOf(context) }
  const deed = { kind: 'release', path: '/checks/{check}/release', json, waitMs: VERDICT_MS } as const
  const again = await supersede(context, key, JSON.stringify(deed.json))
  if (again) return void (await answer(context, sender, again, VERDICT_MS))
  await perform(context, sender, held, deed, (now) => ({ ...now, verdict: waiting }))
}

/** A loading record that never went is replaced by the one entered now; the same one is sent again. */
async function supersede(context: Context, key: string, json: string): Promise<string | null> {
  const waiting = context.journal.of(key).filter((act) => act.kind === 'release' && isUnsent(act))
  // One that waits for somebody else, or that the server did not take, is not the present person's.
  const same = waiting.find((act) => act.json === json && act.problem === null)
  if (same) return same.id
  const old = waiting.filter((act) => act.tries === 0 || act.problem !== null)
  if (old.length > 0) await context.journal.change(() => ({ acts: old.map((act) => ({ ...act, state: 'dropped' })) }))
  return null
}

function loadingBody(loading: Loading): { readonly [name: string]: Json } {
  return {
    lines: loading.lines.map(lineBody),
    started_at: iso(loading.startedAt),
    finished_at: iso(loading.finishedAt),
    gross_mass_kg: loading.grossMassKg,
    seals: [...loading.seals],
    no_seal_reason: loading.noSealReason,
  }
}

/** The code for gate and driver, once the server has released. */
export async function fetchReleaseCode(context: Context, key: string): Promise<void> {
  const held = context.journal.case(key)
  const person = context.people.peek().find((each) => each.userId === context.device.peek()?.person)
  if (!held?.serverId || held.releaseCode !== null || held.verdict?.word !== 'released' || !person) return
  const token = await context.tokens.of(person.session)
  const { body } = await context.api.call<{ text: string }>({ method: 'GET', path: `/checks/${held.serverId}/release-code`, token })
  await change(context, held, (now) => ({ ...now, releaseCode: body.text }))
}
