/** How a tablet becomes known to an installation, and how it is forgotten. */

import { offsetFrom } from '../core/clock'
import { makeDeviceKey, publicJwk } from '../core/record'
import { Refused, Unreachable } from '../net/failure'
import { SessionOver } from '../net/tokens'
import type { Change } from '../store/store'
import { makeVaultKey } from '../store/vault'
import type { Context } from './context'
import { Refusal } from './model'
import { type DeviceRow, FIRST_SETTINGS, type PersonRow, type SettingsRow } from './places'
import type { WireEnrolled } from './wire'

export async function enrol(context: Context, code: string): Promise<void> {
  const { unknown = false } = context.settings.peek()
  const known = unknown ? context.device.peek() : null
  const waiting = context.journal.unsent().length
  // The records that wait are signed by a key that the server has to know again.
  if (waiting > 0 && !known?.publicKey) throw new Refusal('unsent-first', unsentFirst(waiting), UNSENT_FIRST_CURE)
  const made = known?.publicKey ? null : await makeDeviceKey()
  const public_key = known?.publicKey ?? (made ? await publicJwk(made.publicKey) : null)
  const former = known?.publicKey ? { former: { device_id: known.id, prefix: known.prefix } } : {}
  const json = JSON.stringify({ code, public_key, app_version: __VERSION__, ...former })
  const sentAt = context.now()
  const body = await asked(() => context.api.call<WireEnrolled>({ method: 'POST', path: '/devices', json }))
  const told = {
    id: body.device_id,
    label: body.label,
    facility: { zh: body.facility.name_zh, en: body.facility.name_en },
    bays: body.bays,
    prefix: body.prefix,
    offset: offsetFrom(body.server_time, sentAt, context.now()),
    bay: body.bays.length === 1 ? (body.bays[0]?.id ?? null) : null,
    person: null,
    locked: false,
  }
  if (known) return goOn(context, { ...known, ...told })
  if (!made || !public_key) return
  const row: DeviceRow = { ...told, nextNumber: 1, key: made.privateKey, publicKey: public_key, vaultKey: await makeVaultKey() }
  await context.store.clear()
  await begin(context, row, [])
  await askToKeep()
}

/** The same tablet again: its numbers go on, and what waited is sent. Whoever signed on there signs on anew. */
async function goOn(context: Context, row: DeviceRow): Promise<void> {
  await begin(context, row, context.people.peek().map(({ userId }) => ({ place: 'people', remove: userId })))
  context.people.value = []
}

async function begin(context: Context, row: DeviceRow, more: readonly Change[]): Promise<void> {
  const settings: SettingsRow = { ...context.settings.peek(), revoked: false, unknown: false }
  await context.store.write([
    { place: 'device', key: 'device', put: row },
    { place: 'device', key: 'settings', put: settings },
    ...more,
  ])
  context.device.value = row
  context.settings.value = settings
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

const unsentFirst = (count: number) => ({
  zh: `还有 ${count} 条离线记录没有上传，重新登记会丢失。`,
  en: `${count} records are not sent: enrolling anew would lose them.`,
})
const UNSENT_FIRST_CURE = {
  zh: '请保持联网，上传完成后再登记；一直不能上传的，请联系管理员，不要清除数据。',
  en: 'Keep it connected until they are sent, then enrol. If they never go, call the administrator and clear nothing.',
}
const SESSION_OVER = { zh: '登录已结束。', en: 'The session is over.' }
const SESSION_CURE = { zh: '请扫描工牌重新登录。', en: 'Sign on again with the badge.' }
const NO_NETWORK = { zh: '连不上服务器。', en: 'The server cannot be reached.' }
const NETWORK_CURE = { zh: '请检查网络后重试。', en: 'Check the network and try again.' }

/** Ask the browser not to clear what is kept when it wants room; it may say no. */
async function askToKeep(): Promise<void> {
  if (typeof navigator !== 'undefined' && navigator.storage?.persist) await navigator.storage.persist().catch(() => false)
}
