/** What all parts of the model share: the store, the server, and what is known at this moment. */

import { type Signal, signal } from '@preact/signals'
import { CLOCK_WRONG_MS, serverNow } from '../core/clock'
import { type KeyTable, readKeys } from '../core/keys'
import { Api, type Fetch } from '../net/api'
import { type Lock, localLock } from '../net/locks'
import { Tokens } from '../net/tokens'
import { StorageFull, type Store } from '../store/store'
import { Vault } from '../store/vault'
import { Journal } from './journal'
import type { Known } from './local'
import { Refusal } from './model'
import { type DeviceRow, FIRST_SETTINGS, type PersonRow, type SettingsRow } from './places'
import type { WireBundle } from './wire'
import type { WireUnderWay } from './wire_bays'

/** How far off a comparison of clocks may be itself. */
const UNSURE_MS = 5_000
/** So seldom the latest moment is written down. */
const NOTED_MS = 60_000

export interface Outside {
  readonly store: Store
  readonly fetch: Fetch
  readonly now: () => number
  /** Held while sending, so that of several tabs one sends. */
  readonly lock: Lock
  /** Held while a record takes its number, so that no number is taken twice. */
  readonly numbering: Lock
  /** Held while anything is changed, so that of several tabs none takes back what another has written. */
  readonly writing: Lock
  readonly training: boolean
  /** Whether the machine says that it has a network at all. */
  readonly connected: () => boolean
  /** Tells other tabs that something was written. */
  readonly announce: () => void
}

export interface KeptBundle {
  readonly bundle: WireBundle
  readonly etag: string | null
  readonly at: number
}

export class Context {
  readonly device = signal<DeviceRow | null>(null)
  readonly settings = signal<SettingsRow>(FIRST_SETTINGS)
  readonly people = signal<readonly PersonRow[]>([])
  readonly kept = signal<KeptBundle | null>(null)
  readonly open = signal<string | null>(null)
  /** Trips that bays of this facility have cleared and nobody has released, as last asked. */
  readonly underWay = signal<readonly WireUnderWay[]>([])
  readonly online = signal(true)
  readonly lastContactAt = signal<number | null>(null)
  readonly storageFull = signal(false)
  readonly storage = signal<{ readonly used: number | null; readonly quota: number | null }>({ used: null, quota: null })
  readonly updateWaiting = signal(false)
  readonly busy = signal(0)
  readonly tick: Signal<number>
  readonly store: Vault
  readonly journal: Journal
  readonly api: Api
  readonly tokens: Tokens
  readonly inTurn = localLock()
  /** Of two bundles the one asked for later is kept, whichever answer is the quicker. */
  readonly refreshing = localLock()
  /** What becomes of this tablet when the server says that it is revoked, or knows nothing of it. */
  deviceOver: (code: string) => Promise<void> = async () => undefined
  /** Who signs on at this moment, until it is known who it is. */
  signingOn: Promise<unknown> = Promise.resolve()
  #latest = 0
  #keys: { readonly of: WireBundle; readonly table: Promise<KeyTable> } | null = null

  constructor(readonly outside: Outside) {
    this.tick = signal(outside.now())
    this.store = new Vault(outside.store, () => this.device.peek()?.vaultKey ?? null)
    this.journal = new Journal(this.store, outside.writing, () => this.#written())
    this.api = new Api({
      fetch: outside.fetch,
      now: outside.now,
      device: () => this.device.peek(),
      offset: () => this.device.peek()?.offset ?? null,
      onServerTime: (offset) => this.#keepOffset(offset),
      onContact: (reached) => this.#contact(reached),
    })
    this.tokens = new Tokens(this.api, outside.now)
  }

  now(): number {
    return this.outside.now()
  }

  /** The present moment by the server's clock, as far as it is known. */
  serverNow(): Date {
    const found = serverNow(this.now(), this.device.peek()?.offset ?? null)
    const made = new Date(this.kept.peek()?.bundle.made_at ?? 0)
    // The comparison of clocks is off by a moment itself; what was made then was made in the past.
    const within = made > found && made.getTime() - found.getTime() < UNSURE_MS
    return within ? made : found
  }

  /** Who holds the tablet and is not locked out; acts are theirs. */
  person(): PersonRow {
    const device = this.device.peek()
    const found = this.people.peek().find((person) => person.userId === device?.person)
    if (!device || !found || device.locked || this.settings.peek().unknown) throw new Refusal('not-signed-on', NOT_SIGNED_ON)
    return found
  }

  /** Now by the server's clock: every moment of a check is kept by it. */
  moment(): number {
    return this.serverNow().getTime()
  }

  /** What whoever holds the tablet can tell by at this moment. */
  known(): Known {
    const bundle = this.kept.peek()?.bundle ?? null
    return { bundle, at: this.serverNow(), person: this.person().userId, clockIsBack: this.clockBackMs() > 0 }
  }

  /** Notice how late it is, so that a clock which is set back without network makes nothing fresh again. */
  async noteMoment(): Promise<void> {
    this.#latest = Math.max(this.#latest, this.moment())
    const noted = this.device.peek()?.latest ?? 0
    if (this.#latest - noted >= NOTED_MS) await this.#keepLatest()
  }

  /** By how much the clock stands before a moment that has been; only the server's time puts that right. */
  clockBackMs(): number {
    const back = Math.max(this.#latest, this.device.peek()?.latest ?? 0) - this.moment()
    return back > CLOCK_WRONG_MS ? back : 0
  }

  keys(): Promise<KeyTable> {
    const bundle = this.kept.peek()?.bundle
    if (!bundle) return Promise.resolve(new Map())
    if (this.#keys?.of !== bundle) this.#keys = { of: bundle, table: readKeys(bundle.trust.jwks, revokedKeys(bundle)) }
    return this.#keys.table
  }

  /** Change the device's row; each change is made on what the one before has left, in whatever tab. */
  async changeDevice(change: (row: DeviceRow) => DeviceRow): Promise<void> {
    await this.outside.numbering(() => this.inTurn(async () => {
      const row = await this.store.get<DeviceRow>('device', 'device')
      if (!row) return
      const next = change(row)
      if (next !== row) await this.store.write([{ place: 'device', key: 'device', put: next }])
      this.device.value = next
    }))
  }

  /** Run an act that people wait for: its want of room becomes words. */
  async act<T>(work: () => Promise<T>): Promise<T> {
    this.busy.value += 1
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error
      this.storageFull.value = true
      throw new Refusal('storage-full', STORAGE_FULL, STORAGE_CURE)
    } finally {
      this.busy.value -= 1
    }
  }

  #written(): void {
    this.storageFull.value = false
    this.outside.announce()
  }

  #contact(reached: boolean): void {
    this.online.value = reached
    if (reached) this.lastContactAt.value = this.now()
  }

  async #keepOffset(offset: number): Promise<void> {
    const known = this.device.peek()?.offset
    // A second more or less is the network's, and not worth a write.
    if (known == null || Math.abs(known - offset) >= 2_000) await this.changeDevice((row) => ({ ...row, offset })).catch(() => undefined)
    const wasBack = this.clockBackMs() > 0
    this.#latest = this.moment()
    if (wasBack) await this.#keepLatest()
  }

  async #keepLatest(): Promise<void> {
    await this.changeDevice((row) => ({ ...row, latest: this.#latest })).catch(() => undefined)
  }
}

const NOT_SIGNED_ON = { zh: '请先登录。', en: 'Sign on first.' }
const STORAGE_FULL = {
  zh: '平板存储空间已满，此操作没有记录。',
  en: 'The tablet has no room left: this was not recorded.',
}
const STORAGE_CURE = {
  zh: '已保存的内容没有丢失。请联网上传，或清理平板存储空间后重试。',
  en: 'What was kept is safe. Connect to send it, or make room on the tablet, then try again.',
}

function revokedKeys(bundle: WireBundle): ReadonlyMap<string, number> {
  const keys = (bundle.revocations ?? []).flatMap(({ kid, since }) => (kid ? [[kid, Math.floor(Date.parse(since) / 1000)] as const] : []))
  return new Map(keys)
}
