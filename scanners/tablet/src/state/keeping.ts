/** What the tablet keeps for the time without network, and what it tells the server of itself. */

import { Refused } from '../net/failure'
import { isAboutDevice, isDeviceOver } from '../net/tokens'
import { isUnsent } from './acts'
import type { Case } from './case'
import type { Context, KeptBundle } from './context'
import { knownAgain } from './disowned'
import type { WireBundle } from './wire'

/** Checks that are over and sent are kept this long, to be looked at. */
const KEEP_OVER_MS = 24 * 3_600_000
/** And those that were cleared here and released elsewhere, if at all. */
const KEEP_CLEARED_MS = 7 * KEEP_OVER_MS

/** Fetch today's arrivals, trust and revocations; unchanged ones are not fetched again. */
export function refreshBundle(context: Context): Promise<void> {
  return context.refreshing(() => fetchBundle(context))
}

async function fetchBundle(context: Context): Promise<void> {
  const device = context.device.peek()
  if (!device?.bay) return
  const kept = context.kept.peek()
  const path = `/tablet/bundle?bay_id=${device.bay}`
  const { status, body, etag } = await context.api.call<WireBundle>({ method: 'GET', path, device: true, etag: kept?.etag ?? null })
  if (status === 304) return
  const next: KeptBundle = { bundle: body, etag, at: context.now() }
  // What is known of revocations holds from now on, whether there is room to keep it or not.
  context.kept.value = next
  await context.store.write([{ place: 'kept', key: 'bundle', put: next }])
}

/** Say that this tablet lives; hear the time, and whether it is still trusted. */
export async function heartbeat(context: Context): Promise<void> {
  if (!context.device.peek()) return
  await measureStorage(context)
  const { used, quota } = context.storage.peek()
  const unsent = context.journal.acts.peek().filter(isUnsent).length
  const json = JSON.stringify({ app_version: __VERSION__, storage_used_bytes: used ?? 0, storage_quota_bytes: quota ?? 0, unsent })
  await context.api.call({ method: 'POST', path: '/tablet/heartbeat', json, device: true })
  await knownAgain(context)
}

/** Do something with the server that people do not wait for; only that this tablet is heard no more has consequences. */
export async function quietly(context: Context, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Refused && isDeviceOver(error)) await context.deviceOver(error.code)
    else if (error instanceof Refused && isAboutDevice(error)) context.online.value = false
  }
}

export async function measureStorage(context: Context): Promise<void> {
  if (typeof navigator === 'undefined' || !navigator.storage?.estimate) return
  const { usage = null, quota = null } = await navigator.storage.estimate().catch(() => ({ usage: null, quota: null }))
  context.storage.value = { used: usage, quota }
}

/** Make room, and keep nobody longer than needed: what is over and has wholly arrived goes after a day. */
export async function tidy(context: Context): Promise<void> {
  await tidyChecks(context)
  await tidyPeople(context)
}

async function tidyChecks(context: Context): Promise<void> {
  const { journal } = context
  const now = context.moment()
  const past = old(journal, now)
  if (past.cases.length + past.acts.length === 0) return
  await journal.change(() => ({ remove: old(journal, now) }))
}

function old({ cases, acts }: Context['journal'], now: number): { readonly cases: readonly string[]; readonly acts: readonly number[] } {
  const waiting = new Set(acts.peek().filter(isUnsent).map((act) => act.check))
  const keys = new Set([...cases.peek().values()].filter((held) => !waiting.has(held.key) && now - held.openedAt > keptFor(held)).map(({ key }) => key))
  const kept = (check: string): boolean => cases.peek().has(check) && !keys.has(check)
  const done = acts.peek().filter((act) => !isUnsent(act) && (act.check === null ? now - act.at > KEEP_OVER_MS : !kept(act.check)))
  return { cases: [...keys], acts: done.map(({ seq }) => seq) }
}

/** A load that was cleared is loaded and released within the day, at another bay or in the browser. */
function keptFor({ phase, verdict }: Case): number {
  return phase === 'over' || verdict?.word !== 'cleared' ? KEEP_OVER_MS : KEEP_CLEARED_MS
}

/** Whoever cannot unlock any more signs on with the badge, as anybody does. */
async function tidyPeople(context: Context): Promise<void> {
  const { person, locked } = context.device.peek() ?? { person: null, locked: false }
  const gone = context.people.peek().filter((each) => context.now() >= each.goodUntil && (each.userId !== person || locked))
  if (gone.length === 0) return
  await context.store.write(gone.map(({ userId }) => ({ place: 'people', remove: userId })))
  context.people.value = context.people.peek().filter((each) => !gone.includes(each))
  if (gone.some(({ userId }) => userId === person)) await context.changeDevice((row) => ({ ...row, person: null, locked: false }))
}
