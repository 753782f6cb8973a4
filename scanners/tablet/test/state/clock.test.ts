/** A clock that is set back without network: nothing that is kept becomes fresh again by it. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { CLOCK_WRONG_MS } from '../../src/core/clock'
import { type Engine, IDLE_MS, makeEngine } from '../../src/state/engine'
import { type Bench, bench, signedOn, until, walk } from '../harness/tablets'

const HOUR_MS = 3_600_000

let over: Bench
let engine: Engine

beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

/** Let time go by and be noticed, then set the clock back; the kept bundle is older than both moments. */
async function setBack(by: number): Promise<void> {
  over.line.down()
  over.clock.now += 2 * HOUR_MS
  engine.touched()
  engine.tick()
  await until(() => (engine.context.device.value?.latest ?? 0) >= over.clock.now - 1)
  over.clock.now -= by
}

const said = () => [engine.check.value?.verdict?.word, ...(engine.check.value?.verdict?.reasons.map(({ code }) => code) ?? [])]

test('nothing is cleared by a clock that was set back', async () => {
  await setBack(HOUR_MS)
  await walk(engine)

  expect(said()).toEqual(['not_proven', 'offline.clock-before-bundle'])
  engine.tick()
  expect(engine.health.value).toMatchObject({ clockWrong: true, clockOffsetMs: -HOUR_MS })
})

test('it is noticed after the tablet was started again', async () => {
  await setBack(HOUR_MS)
  engine.stop()
  engine = await makeEngine(over.outside)
  await walk(engine)

  expect(said()).toEqual(['not_proven', 'offline.clock-before-bundle'])
})

test('a minute more or less is the clock’s own', async () => {
  await setBack(CLOCK_WRONG_MS)
  await walk(engine)

  expect(said()).toEqual(['cleared'])
})

test('the server’s time puts it right', async () => {
  await setBack(HOUR_MS)
  over.server.behind = -HOUR_MS
  over.line.up()
  await engine.refresh()
  await until(() => engine.context.device.value?.offset === -HOUR_MS)
  over.line.down()
  await walk(engine)

  expect(said()).toEqual(['cleared'])
})

test('the tablet locks after the same time as ever', async () => {
  engine.tick()
  over.clock.now -= HOUR_MS
  engine.tick()
  over.clock.now += IDLE_MS
  engine.tick()

  await until(() => engine.context.device.value?.locked === true)
})
