/** Room: a tablet that is full makes some by sending, and what is done with does not stay for ever. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/state/engine'
import { memoryStore } from '../../src/store/memory'
import { TRAINING_BADGES } from '../../src/training/codes'
import { FullStore } from '../harness/full'
import { type Bench, bench, CODES, LOADING, signedOn, until, walk } from '../harness/tablets'

const HOUR_MS = 3_600_000
const PICTURE = new Blob([Uint8Array.of(255, 216, 255)], { type: 'image/jpeg' })

let store: FullStore
let over: Bench
let engine: Engine
beforeEach(async () => {
  store = new FullStore(memoryStore())
  over = bench(store)
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

/** Let so much time go by, with the clock looked at now and then. */
async function pass(hours: number): Promise<void> {
  for (let left = hours; left > 0; left -= 12) {
    over.clock.now += Math.min(left, 12) * HOUR_MS
    engine.tick()
    await engine.context.journal.change(() => ({}))
  }
}

test('a full tablet sends what it holds, and has room again', async () => {
  await engine.open(CODES.waybill, 'camera')
  over.line.cut = (path) => (path.includes('/photos') ? 'before' : 'none')
  await engine.takePhoto('signs_rear', PICTURE)
  store.full = true
  await expect(engine.show(CODES.vehicle, 'camera', null)).rejects.toMatchObject({ code: 'storage-full' })
  expect(engine.health.value.storageTight).toBe(true)

  over.line.up()
  await engine.sendNow()
  expect(engine.sending.value.unsent).toBe(0)
  await engine.show(CODES.vehicle, 'camera', null)

  expect(engine.health.value.storageTight).toBe(false)
  expect(await store.all('photos')).toEqual([])
  const [held] = over.server.checks.values()
  expect(held?.items.filter(({ type }) => type === 'photo')).toHaveLength(1)
})

describe('a tablet that is never started anew', () => {
  test('keeps what is over for a day, and no longer', async () => {
    await walk(engine)
    await engine.answer('valves_closed', 'yes')
    await engine.answer('hoses_off', 'yes')
    await engine.enterLoading(LOADING)
    await until(() => engine.sending.value.unsent === 0)
    await pass(23)
    expect(engine.checks.value).toHaveLength(1)

    await pass(3)

    expect(engine.checks.value).toEqual([])
    expect(await store.all('acts')).toEqual([])
  })

  test('keeps what was cleared and never released here for a week', async () => {
    await walk(engine)
    await pass(6 * 24)
    expect(engine.checks.value).toHaveLength(1)

    await pass(2 * 24)

    expect(engine.checks.value).toEqual([])
  })

  test('keeps nobody whose day is over', async () => {
    await engine.signOn(TRAINING_BADGES.supervisor.badge, TRAINING_BADGES.supervisor.pin)
    expect(await store.all('people')).toHaveLength(2)

    await pass(14)
    await until(() => engine.stage.value === 'sign_on')

    expect(await store.all('people')).toEqual([])
  })

  test('keeps what waits, however old', async () => {
    over.line.down()
    await walk(engine)
    await pass(10 * 24)

    expect(engine.checks.value).toHaveLength(1)
    over.line.up()
    await engine.sendNow()
    expect(engine.sending.value.unsent).toBe(0)
  })
})
