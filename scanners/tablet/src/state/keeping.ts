/** What the tablet keeps for the time without network, and what it tells the server of itself. */

import { Refused } from '../net/failure'
import { isAboutDevice, isDeviceOver } from '../net/tokens'
import { isUnsent } from './acts'
import type { Context, KeptBundle } from './context'
import { knownAgain } from './disowned'
import type { WireBundle } from './wire'

/** Checks that are over and sent are kept this long, to be looked at. */
const KEEP_OVER_MS = 24 * 3_600_000

/** Fetch today's arrivals, trust and revocations; unchanged ones are not fetched again. */
export async function refreshBundle(context: Context): Promise<void> {
  const device = context.device.peek()
  if (!device?.bay) return
  const kept = context.kept.peek()
  const path = `/tablet/bundle?bay_id=${device.bay}`
  const { status, body, etag } = await context.api.call<WireBundle>({ method: 'GET', path, device: true, etag: kept?.etag ?? null })
  if (status === 304) return
  const next: KeptBundle = { bundle: body, etag, at: context.now() }
  await context.store.write([{ place: 'kept', key: 'bundle', put: next }])
  context.kept.value = next
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

/** Make room: what is over and has wholly arrived goes after a day. */
export async function tidy(context: Context): Promise<void> {
  const { journal } = context
  const before = context.moment() - KEEP_OVER_MS
  await journal.change(() => {
    const acts = journal.acts.peek()
    const waiting = new Set(acts.filter(isUnsent).map((act) => act.check))
    const old = [...journal.cases.peek().values()].filter(
      (held) => held.openedAt < before && !waiting.has(held.key) && (held.phase === 'over' || held.verdict?.word !== 'cleared'),
    )
    const keys = new Set(old.map((held) => held.key))
    const done = acts.filter((act) => !isUnsent(act) && (act.check === null ? act.at < before : keys.has(act.check)))
    return { remove: { cases: [...keys], acts: done.map((act) => act.seq) } }
  })
}
