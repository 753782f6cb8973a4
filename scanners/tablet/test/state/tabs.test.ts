/** Two tabs over one store, of which the second has not heard yet what the first one wrote. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Engine, makeEngine } from '../../src/state/engine'
import { TRAINING_BADGES, TRAINING_CODES } from '../../src/training/codes'
import { LOADER } from '../../src/training/trips'
import { type Bench, bench, CODES, signedOn, until } from '../harness/tablets'

let over: Bench
let first: Engine
let second: Engine
beforeEach(async () => {
  over = bench()
  first = await signedOn(over)
  over.line.down()
  await first.open(CODES.waybill, 'camera')
  second = await makeEngine(over.outside)
  second.resume(first.check.value?.key ?? '')
})
afterEach(() => {
  first.stop()
  second.stop()
})

test('the second takes nothing back that the first has written', async () => {
  over.line.up()
  await first.sendNow()
  await first.show(CODES.vehicle, 'camera', null)

  await second.show(CODES.driver, 'camera', null)
  await second.sendNow()

  const third = await makeEngine(over.outside)
  expect(third.sending.value.unsent).toBe(0)
  expect([...third.context.journal.cases.value.values()].map(({ serverId }) => serverId)).toEqual([...over.server.checks.keys()])
  expect(over.server.done.filter((path) => path.endsWith('/scans'))).toHaveLength(2)
  expect(over.server.done.filter((path) => path === '/checks')).toHaveLength(1)
  third.stop()
})

test('what is said in one stands beside what is said in the other', async () => {
  await first.answer('helmet', 'yes')
  await second.answer('earthed', 'yes')

  const third = await makeEngine(over.outside)
  const [held] = third.context.journal.cases.value.values()
  expect(held?.answers).toEqual({ helmet: 'yes', earthed: 'yes' })
  third.stop()
})

test('no number of a record is given twice', async () => {
  await first.decide()
  second.lock()
  await until(() => second.stage.value === 'locked')
  await second.unlock(LOADER.user_id, TRAINING_BADGES.loader.pin)
  await second.open(TRAINING_CODES.faulty.waybill, 'camera')
  await second.decide()

  const third = await makeEngine(over.outside)
  const numbers = [...third.context.journal.cases.value.values()].flatMap(({ records }) => records)
  expect(numbers.toSorted()).toEqual(['TRNG-000001', 'TRNG-000002'])
  third.stop()
})
