/** What is kept, in a real database: all or nothing, sealed, and gone when it must be. */

import 'fake-indexeddb/auto'
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeEngine } from '../../src/state/engine'
import { openDatabase } from '../../src/store/database'
import { StorageFull, type Store } from '../../src/store/store'
import { makeVaultKey, Vault } from '../../src/store/vault'
import { bench, CODES, signedOn } from '../harness/tablets'

let store: Store
beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  store = await openDatabase()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** Let the disk be full from the nth value that is put. */
function fullFrom(nth: number): void {
  let count = 0
  const put = IDBObjectStore.prototype.put
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args: unknown[]) {
    count += 1
    if (count >= nth) throw new DOMException('full', 'QuotaExceededError')
    return (put as (...all: unknown[]) => ReturnType<typeof put>).apply(this, args)
  })
}

test('what was written is there, in the order in which it was added', async () => {
  await store.write([
    { place: 'acts', put: { id: 'a' } },
    { place: 'acts', put: { id: 'b' } },
    { place: 'checks', key: 'k', put: { key: 'k' } },
  ])

  expect((await store.all('acts')).map(({ value }) => value)).toEqual([{ id: 'a' }, { id: 'b' }])
  expect(await store.get('checks', 'k')).toEqual({ key: 'k' })
})

test('a write that finds no room leaves nothing of itself and everything before it', async () => {
  await store.write([{ place: 'acts', put: { id: 'a' } }])
  fullFrom(2)

  await expect(
    store.write([
      { place: 'acts', put: { id: 'b' } },
      { place: 'checks', key: 'k', put: {} },
    ]),
  ).rejects.toBeInstanceOf(StorageFull)

  vi.restoreAllMocks()
  expect((await store.all('acts')).map(({ value }) => value)).toEqual([{ id: 'a' }])
  expect(await store.all('checks')).toEqual([])
})

describe('the vault', () => {
  test('what lies on the disk cannot be read, and what is taken out is what was put in', async () => {
    const key = await makeVaultKey()
    const vault = new Vault(store, () => key)

    await vault.write([{ place: 'checks', key: 'k', put: { text: 'readable words' } }])
    await vault.write([{ place: 'photos', key: 'p', put: Uint8Array.of(1, 2, 3) }])

    const raw = await store.get<{ bytes: ArrayBuffer }>('checks', 'k')
    expect(new TextDecoder().decode(raw?.bytes)).not.toContain('readable')
    expect(await vault.get('checks', 'k')).toEqual({ text: 'readable words' })
    expect(await vault.get('photos', 'p')).toEqual(Uint8Array.of(1, 2, 3))
  })

  test('its key cannot be taken out of the browser', async () => {
    await expect(crypto.subtle.exportKey('raw', await makeVaultKey())).rejects.toThrow()
  })

  test('what was sealed in one place does not open in another', async () => {
    const key = await makeVaultKey()
    const vault = new Vault(store, () => key)
    await vault.write([{ place: 'checks', key: 'k', put: {} }])
    await store.write([{ place: 'people', key: 'k', put: await store.get('checks', 'k') }])

    await expect(vault.get('people', 'k')).rejects.toThrow()
  })
})

describe('a tablet over it', () => {
  test('a full disk refuses the act in clear words and loses nothing that was kept', async () => {
    const over = bench(store)
    const tablet = await signedOn(over)
    over.line.down()
    await tablet.open(CODES.waybill, 'camera')
    fullFrom(1)

    await expect(tablet.show(CODES.vehicle, 'camera', null)).rejects.toMatchObject({ code: 'storage-full' })

    vi.restoreAllMocks()
    expect(tablet.health.value.storageTight).toBe(true)
    expect(tablet.sending.value.unsent).toBe(1)
    await tablet.show(CODES.vehicle, 'camera', null)
    over.line.up()
    await tablet.sendNow()
    expect(tablet.sending.value.unsent).toBe(0)
    tablet.stop()
  })

  test('revoked at the server, it forgets everything and stays so after a reload', async () => {
    const over = bench(store)
    const tablet = await signedOn(over)
    await tablet.open(CODES.waybill, 'camera')
    over.server.revoked = true

    await tablet.refresh()
    await vi.waitFor(() => expect(tablet.device.value).toBeNull())

    expect(tablet.stage.value).toBe('revoked')
    for (const place of ['people', 'kept', 'checks', 'acts', 'photos'] as const) expect(await store.all(place)).toEqual([])
    expect(await store.get('device', 'device')).toBeUndefined()
    tablet.stop()
    const after = await makeEngine(over.outside)
    expect(after.stage.value).toBe('revoked')
    after.stop()
  })

  test('the key of the device signs and cannot be taken out', async () => {
    const tablet = await signedOn(bench(store))
    const row = await store.get<{ key: CryptoKey }>('device', 'device')

    expect(row?.key.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('jwk', row?.key as CryptoKey)).rejects.toThrow()
    tablet.stop()
  })

  test('no word of people, goods or waybills stands readable on the disk', async () => {
    const over = bench(store)
    const tablet = await signedOn(over)
    await tablet.open(CODES.waybill, 'camera')
    const bytes: string[] = []
    for (const place of ['people', 'kept', 'checks', 'acts', 'photos'] as const) {
      for (const { value } of await store.all<{ bytes: ArrayBuffer }>(place)) bytes.push(new TextDecoder().decode(value.bytes))
    }

    expect(bytes.length).toBeGreaterThan(3)
    expect(bytes.join('')).not.toMatch(/training|YL2026|苏H|d_7a11|WBB1/)
    tablet.stop()
  })
})
