/** Several people at one tablet: locking, unlocking without network, signing off, consent. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Engine, IDLE_MS } from '../../src/state/engine'
import { TRAINING_BADGES } from '../../src/training/codes'
import { LOADER } from '../../src/training/trips'
import { type Bench, bench, CODES, signedOn, until } from '../harness/tablets'

const { loader, supervisor } = TRAINING_BADGES

let over: Bench
let engine: Engine
beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

test('a wrong badge or PIN is refused in the server’s words', async () => {
  await expect(engine.signOn(loader.badge, '999999')).rejects.toMatchObject({ code: 'wrong-badge' })
})

test('without network nobody new can sign on, and is told so', async () => {
  over.line.down()

  await expect(engine.signOn(supervisor.badge, supervisor.pin)).rejects.toMatchObject({ code: 'no-network' })
})

describe('the lock', () => {
  test('comes after three minutes without a touch, and not before', async () => {
    over.clock.now += IDLE_MS - 1
    engine.tick()
    expect(engine.stage.value).toBe('arrivals')

    over.clock.now += 1
    engine.tick()
    await until(() => engine.stage.value === 'locked')
  })

  test('is put off by every touch', () => {
    over.clock.now += IDLE_MS - 1
    engine.touched()
    over.clock.now += IDLE_MS - 1
    engine.tick()

    expect(engine.stage.value).toBe('arrivals')
  })

  test('keeps acts out', async () => {
    engine.lock()
    await until(() => engine.stage.value === 'locked')

    await expect(engine.open(CODES.waybill, 'camera')).rejects.toMatchObject({ code: 'not-signed-on' })
  })

  test('opens with the PIN alone, without network', async () => {
    over.line.down()
    engine.lock()
    await engine.unlock(LOADER.user_id, loader.pin)

    expect(engine.stage.value).toBe('arrivals')
  })

  test('opens no more after five wrong PINs, not even with the right one', async () => {
    engine.lock()
    for (let wrong = 0; wrong < 5; wrong += 1) {
      await expect(engine.unlock(LOADER.user_id, '111111')).rejects.toMatchObject({ code: 'wrong-pin' })
    }

    await expect(engine.unlock(LOADER.user_id, loader.pin)).rejects.toMatchObject({ code: 'pin-locked' })
  })

  test('comes when the day of whoever holds it is over, however much it is touched', async () => {
    over.clock.now += 12 * 3_600_000
    engine.touched()
    engine.tick()

    await until(() => engine.stage.value !== 'arrivals')
    expect(['locked', 'sign_on']).toContain(engine.stage.value)
  })

  test('asks for the badge again after twelve hours', async () => {
    over.clock.now += 12 * 3_600_000

    await expect(engine.unlock(LOADER.user_id, loader.pin)).rejects.toMatchObject({ code: 'sign-on-again' })
  })
})

test('signing off ends the session only after everything done in it has gone', async () => {
  over.line.down()
  await engine.open(CODES.waybill, 'camera')
  await engine.signOff()
  expect(engine.stage.value).toBe('sign_on')
  expect(engine.people.value).toEqual([])
  over.line.up()
  const from = over.line.asked.length

  await engine.sendNow()

  const asked = over.line.asked.slice(from).filter((path) => !path.includes('renewal'))
  expect(asked[0]).toBe('POST /checks')
  expect(asked.at(-1)).toMatch(/^POST \/bay-sessions\/.*\/end$/)
  expect(engine.sending.value.unsent).toBe(0)
})

describe('the supervisor’s consent', () => {
  beforeEach(() => engine.open(CODES.waybill, 'camera'))
  const step = () => engine.check.value?.steps.find((each) => each.kind === 'supervisor')?.standing

  test('is given in the supervisor’s own name, and the loader stays signed on', async () => {
    await engine.consent(supervisor.badge, supervisor.pin)

    expect(step()).toBe('passed')
    expect(engine.person.value?.userId).toBe(LOADER.user_id)
  })

  test('without network by who signed on here before', async () => {
    await engine.signOn(supervisor.badge, supervisor.pin)
    await engine.signOn(loader.badge, loader.pin)
    over.line.down()

    await engine.consent(supervisor.badge, supervisor.pin)

    expect(step()).toBe('passed')
  })

  test('without network not by whose day is over, as with the lock', async () => {
    await engine.signOn(supervisor.badge, supervisor.pin)
    over.clock.now += 11 * 3_600_000
    await engine.signOn(loader.badge, loader.pin)
    over.clock.now += 2 * 3_600_000
    over.line.down()

    await expect(engine.consent(supervisor.badge, supervisor.pin)).rejects.toMatchObject({ code: 'no-network' })
  })

  test('without network a wrong PIN counts before it is tried', async () => {
    await engine.signOn(supervisor.badge, supervisor.pin)
    await engine.signOn(loader.badge, loader.pin)
    over.line.down()
    for (let wrong = 0; wrong < 5; wrong += 1) {
      await expect(engine.consent(supervisor.badge, '111111')).rejects.toMatchObject({ code: 'wrong-pin' })
    }

    await expect(engine.consent(supervisor.badge, supervisor.pin)).rejects.toMatchObject({ code: 'pin-locked' })
  })

  test('without network not by anybody else', async () => {
    over.line.down()

    await expect(engine.consent(supervisor.badge, supervisor.pin)).rejects.toMatchObject({ code: 'no-network' })
  })
})
