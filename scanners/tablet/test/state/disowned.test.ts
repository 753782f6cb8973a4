/** A tablet that the server has revoked, or of which it knows nothing: what was never sent is evidence. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Engine, makeEngine } from '../../src/state/engine'
import { TRAINING_BADGES } from '../../src/training/codes'
import { type Bench, bench, CODES, LOADING, refusal, signedOn, until, walk } from '../harness/tablets'
import { recordsTold } from '../harness/records'

let over: Bench
let engine: Engine
beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

/** A check without network, decided here, and another thing that nobody has sent. */
async function work(): Promise<void> {
  over.line.down()
  await walk(engine)
  await engine.takePhoto('signs_rear', new Blob([Uint8Array.of(255, 216, 255)]))
}

async function places(): Promise<Readonly<Record<string, number>>> {
  const found = await Promise.all((['device', 'people', 'kept', 'checks', 'acts', 'photos'] as const).map(async (place) => [place, (await over.store.all(place)).length] as const))
  return Object.fromEntries(found.filter(([, count]) => count > 0))
}

describe('unknown to the server', () => {
  beforeEach(async () => {
    await work()
    over.server.unknown = true
    over.line.up()
    await engine.sendNow()
    await until(() => engine.stage.value === 'unknown')
  })

  test('it keeps everything, and nobody can do anything', async () => {
    expect(engine.sending.value.unsent).toBeGreaterThan(0)
    expect(await places()).toMatchObject({ device: 3, people: 1, kept: 1, checks: 1 })
    await expect(engine.open(CODES.waybill, 'camera')).rejects.toMatchObject({ code: 'not-signed-on' })
  })

  test('it stays so after a reload, and goes on where the server knows it again', async () => {
    engine.stop()
    engine = await makeEngine(over.outside)
    expect(engine.stage.value).toBe('unknown')

    over.server.unknown = false
    over.clock.now += 120_000
    engine.tick()

    await until(() => engine.stage.value === 'arrivals')
    await engine.sendNow()
    expect(engine.sending.value.unsent).toBe(0)
  })

  test('enrolled again it is the same tablet, and all that waited is sent once', async () => {
    await engine.enrol('ABCD-EFGH')
    await engine.sendNow()

    expect(engine.stage.value).toBe('bay')
    expect(engine.sending.value.unsent).toBe(0)
    expect(over.server.done.filter((path) => path === '/tablet/records')).not.toHaveLength(0)
    expect(engine.people.value).toEqual([])
    await engine.chooseBay(engine.device.value?.bays[0]?.id ?? '')
    await engine.signOn(TRAINING_BADGES.loader.badge, TRAINING_BADGES.loader.pin)
    over.line.down()
    await walk(engine)
    const numbers = [...engine.context.journal.cases.value.values()].flatMap(({ records }) => records)
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  test('one that cannot be the same again is not enrolled over what waits', async () => {
    const row = engine.context.device.value
    if (row) {
      const { publicKey: _, ...old } = row
      engine.context.device.value = old
    }

    await expect(engine.enrol('ABCD-EFGH')).rejects.toMatchObject({ code: 'unsent-first' })
    expect(engine.sending.value.unsent).toBeGreaterThan(0)
  })
})

describe('revoked', () => {
  test('with nothing unsent it forgets everything at once, the keys too', async () => {
    await engine.open(CODES.waybill, 'camera')
    over.server.revoked = true
    await engine.refresh()

    await until(() => engine.device.value === null)
    expect(engine.stage.value).toBe('revoked')
    expect(await places()).toEqual({ device: 1 })
  })

  test('what was never sent goes as signed records first, what became of the load with them', async () => {
    over.line.down()
    await walk(engine)
    await engine.enterLoading(LOADING)
    await engine.abort('the pump failed')
    over.server.revoked = true
    over.line.up()
    await engine.sendNow()
    await until(() => engine.device.value === null)

    expect(await places()).toEqual({ device: 1 })
    const [first, last] = recordsTold(over.line.sent)
    expect(first).toMatchObject({ decision: 'cleared', loading: null })
    expect(last).toMatchObject({ decision: null, loading: { seals: LOADING.seals } })
    expect(last?.evidence).toContainEqual(expect.objectContaining({ type: 'abort', reason: 'the pump failed' }))
  })

  test('people, arrivals, checks and pictures go at once, even where the records cannot', async () => {
    await work()
    over.line.cut = (path) => (path.includes('/tablet/records') ? 'before' : 'none')
    over.server.revoked = true
    await engine.sendNow()
    await until(() => engine.stage.value === 'revoked' && engine.kept.value.arrivalsAt === null)

    const left = await places()
    expect(Object.keys(left)).toEqual(['device', 'acts'])
    await expect(engine.enrol('ABCD-EFGH')).rejects.toMatchObject({ code: 'unsent-first' })
    engine.stop()
    over.line.up()
    engine = await makeEngine(over.outside)
    await engine.sendNow()
    expect(engine.stage.value).toBe('revoked')
    expect(await places()).toEqual({ device: 1 })
  })

  test('a record that the server does not take keeps no keys on a lost tablet', async () => {
    await work()
    over.line.up()
    over.server.revoked = true
    over.line.instead = (path) => (path.includes('/tablet/records') ? refusal(422, 'invalid-field') : null)
    await engine.sendNow()

    await until(() => engine.device.value === null)
    expect(await places()).toEqual({ device: 1 })
  })
})
