/** What waits and how it goes: photos apart, refusals told, tabs in turn, sessions that are over. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localLock } from '../../src/net/locks'
import { backOff } from '../../src/net/waiting'
import { type Engine, makeEngine } from '../../src/state/engine'
import { type Bench, bench, CODES, signedOn, STEPS, until, walk } from '../harness/tablets'

const PICTURE = new Blob([Uint8Array.of(255, 216, 255, 1, 2, 3)], { type: 'image/jpeg' })

let over: Bench
let engine: Engine
beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

describe('photos', () => {
  test('hold nothing up: the acts go, the photo waits', async () => {
    await engine.open(CODES.waybill, 'camera')
    over.line.cut = (path) => (path.includes('/photos') ? 'before' : 'none')
    await engine.takePhoto('signs_rear', PICTURE)
    await engine.show(CODES.vehicle, 'camera', null)

    expect(engine.sending.value).toMatchObject({ unsent: 1, unsentPhotos: 1 })
    expect(engine.check.value?.photos.find((photo) => photo.shows === 'signs_rear')?.taken).toBe(true)
    expect(engine.check.value?.last?.judgedBy).toBe('server')
  })

  test('leave the tablet when they have arrived', async () => {
    await engine.open(CODES.waybill, 'camera')
    await engine.takePhoto('signs_rear', PICTURE)
    await engine.sendNow()

    expect(await over.store.all('photos')).toEqual([])
    expect(engine.sending.value.unsentPhotos).toBe(0)
  })

  test('of a check without network follow its record', async () => {
    over.line.down()
    await STEPS[0]?.(engine)
    await engine.takePhoto('signs_rear', PICTURE)
    await engine.decide()
    over.line.up()
    const from = over.line.asked.length
    await engine.sendNow()

    const asked = over.line.asked.slice(from)
    const record = asked.indexOf('POST /tablet/records')
    const photo = asked.findIndex((path) => path.startsWith('PUT /tablet/photos/'))
    expect(record).toBeGreaterThanOrEqual(0)
    expect(photo).toBeGreaterThan(record)
    expect(await over.store.all('photos')).toEqual([])
  })
})

test('what the server refuses while somebody waits is told, and not kept as done', async () => {
  await engine.open(CODES.waybill, 'camera')
  over.server.checks.clear()

  await expect(engine.show(CODES.vehicle, 'camera', null)).rejects.toMatchObject({ code: 'not-found' })

  expect(engine.sending.value.unsent).toBe(0)
})

test('what the server refuses when nobody waits any more goes as a record', async () => {
  await engine.open(CODES.waybill, 'camera')
  over.line.down()
  await engine.show(CODES.vehicle, 'camera', null)
  over.server.checks.clear()
  over.line.up()

  await engine.sendNow()

  expect(over.server.done).toContain('/tablet/records')
  expect(engine.sending.value.unsent).toBe(0)
})

test('the server’s other verdict is shown beside the tablet’s, and the load stands still', async () => {
  over.line.down()
  await walk(engine)
  over.server.differs = true
  over.line.up()
  await engine.sendNow()

  expect(engine.sending.value.contradicted).toHaveLength(1)
  expect(engine.check.value?.contradiction?.en).toContain('stop loading')
  expect(engine.check.value?.verdict).toMatchObject({ word: 'refused', judgedBy: 'server' })
})

test('two tabs share what is kept, and each act is sent once', async () => {
  const lock = localLock()
  engine.stop()
  const first = await makeEngine({ ...over.outside, lock })
  over.line.down()
  await first.open(CODES.waybill, 'camera')
  await first.show(CODES.vehicle, 'camera', null)
  const second = await makeEngine({ ...over.outside, lock })
  over.line.up()
  await Promise.all([first.sendNow(), second.sendNow()])

  expect(over.server.done.filter((path) => path.endsWith('/scans'))).toHaveLength(1)
  expect(over.server.checks.size).toBe(1)
  first.stop()
  second.stop()
})

test('records are numbered one after the other, and no number is given twice', async () => {
  over.line.down()
  await STEPS[0]?.(engine)
  await engine.decide()
  await engine.recheck()
  await engine.decide()

  const cases = [...engine.context.journal.cases.peek().values()]
  expect(cases[0]?.records).toEqual(['TRNG-000001', 'TRNG-000002'])
})

test('a clock that is wrong by hours is noticed, and assertions are made by the server’s', async () => {
  over.clock.now += 5 * 3_600_000
  over.server.behind = 5 * 3_600_000

  await engine.refresh()
  await until(() => engine.health.value.clockWrong)

  expect(engine.health.value.clockOffsetMs).toBe(5 * 3_600_000)
})

test('the wait doubles up to a minute, and tablets do not come all at once', () => {
  expect([1, 2, 3, 7, 20].map((attempt) => backOff(attempt, () => 1))).toEqual([1_000, 2_000, 4_000, 60_000, 60_000])
  expect([1, 20].map((attempt) => backOff(attempt, () => 0))).toEqual([500, 30_000])
})
