/** How a tablet becomes known to an installation, and how it is forgotten. */

import { offsetFrom } from '../core/clock'
import { makeDeviceKey, publicJwk } from '../core/record'
import { Refused, Unreachable } from '../net/failure'
import { SessionOver } from '../net/tokens'
import { makeVaultKey } from '../store/vault'
import type { Context } from './context'
import { Refusal } from './model'
import { type DeviceRow, FIRST_SETTINGS, type PersonRow, type SettingsRow } from './places'
import type { WireEnrolled } from './wire'

export async function enrol(context: Context, code: string): Promise<void> {
  const pair = await makeDeviceKey()
  const json = JSON.stringify({ code, public_key: await publicJwk(pair.publicKey), app_version: __VERSION__ })
  const sentAt = context.now()
  const body = await asked(() => context.api.call<WireEnrolled>({ method: 'POST', path: '/devices', json }))
  const row: DeviceRow = {
    id: body.device_id,
    label: body.label,
    facility: { zh: body.facility.name_zh, en: body.facility.name_en },
    bays: body.bays,
    prefix: body.prefix,
    nextNumber: 1,
    key: pair.privateKey,
    vaultKey: await makeVaultKey(),
    bay: body.bays.length === 1 ? (body.bays[0]?.id ?? null) : null,
    offset: offsetFrom(body.server_time, sentAt, context.now()),
    person: null,
    locked: false,
  }
  await context.store.clear()
  const settings: SettingsRow = { ...context.settings.peek(), revoked: false }
  await context.store.write([
    { place: 'device', key: 'device', put: row },
    { place: 'device', key: 'settings', put: settings },
  ])
  context.device.value = row
  context.settings.value = settings
  await askToKeep()
}

/** Read everything that was kept, as after a reload. */
export async function recall(context: Context): Promise<void> {
  const settings = await context.store.get<SettingsRow>('device', 'settings')
  context.settings.value = { ...FIRST_SETTINGS, ...settings }
  context.device.value = (await context.store.get<DeviceRow>('device', 'device')) ?? null
  if (!context.device.value) return
  context.people.value = (await context.store.all<PersonRow>('people')).map(({ value }) => value)
  context.kept.value = (await context.store.get('kept', 'bundle')) ?? null
  await context.journal.load()
}

/** Revoked: keys, arrivals, checks, people, pictures, everything goes; what is left knows only that. */
export async function forget(context: Context): Promise<void> {
  await context.store.clear()
  const settings: SettingsRow = { ...context.settings.peek(), revoked: true }
  context.device.value = null
  context.people.value = []
  context.kept.value = null
  context.open.value = null
  context.underWay.value = []
  context.journal.forget()
  context.settings.value = settings
  await context.store.write([{ place: 'device', key: 'settings', put: settings }])
}

/** What the server refused becomes words to be shown; without network it is said so. */
export async function asked<T>(call: () => Promise<{ readonly body: T }>): Promise<T> {
  try {
    return (await call()).body
  } catch (error) {
    throw asRefusal(error)
  }
}

export function asRefusal(error: unknown): unknown {
  if (error instanceof Unreachable && error.said) return asRefusal(error.said)
  if (error instanceof Refused) {
    const fields = Object.fromEntries(error.fields.map(({ pointer, words }) => [pointer, words]))
    return new Refusal(error.code, error.words, error.nextStep, fields)
  }
  if (error instanceof SessionOver) return new Refusal('sign-on-again', SESSION_OVER, SESSION_CURE)
  if (error instanceof Unreachable) return new Refusal('no-network', NO_NETWORK, NETWORK_CURE)
  return error
}

const SESSION_OVER = { zh: '登录已结束。', en: 'The session is over.' }
const SESSION_CURE = { zh: '请扫描工牌重新登录。', en: 'Sign on again with the badge.' }
const NO_NETWORK = { zh: '连不上服务器。', en: 'The server cannot be reached.' }
const NETWORK_CURE = { zh: '请检查网络后重试。', en: 'Check the network and try again.' }

/** Ask the browser not to clear what is kept when it wants room; it may say no. */
async function askToKeep(): Promise<void> {
  if (typeof navigator !== 'undefined' && navigator.storage?.persist) await navigator.storage.persist().catch(() => false)
}
