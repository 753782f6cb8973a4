/** The facade: training beside the real tablet, and updates that wait for the right moment. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Engine } from '../../src/state/engine'
import { assemble } from '../../src/state/tablet'
import { TRAINING_CODES } from '../../src/training/codes'
import { type Bench, bench, CODES, signedOn, until } from '../harness/tablets'

let over: Bench
let engine: Engine
let made: ReturnType<typeof assemble>
beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
  made = assemble(async () => engine)
  await made.ready
})
afterEach(() => {
  made.tablet.endTraining()
  engine.stop()
})

describe('training', () => {
  beforeEach(async () => {
    made.tablet.startTraining()
    await until(() => made.tablet.training.value && made.tablet.stage.value === 'arrivals')
  })

  test('has its own arrivals, and a check in it says that it is one', async () => {
    await made.tablet.open(TRAINING_CODES.good.waybill, 'camera')

    expect(made.tablet.check.value).toMatchObject({ training: true, number: 'YL202600000001', slipAddress: null })
  })

  test('touches neither the network nor the store of the real tablet', async () => {
    // The real tablet's own beat is no matter of training.
    engine.stop()
    const asked = over.line.asked.length
    const before = await Promise.all((['checks', 'acts', 'photos'] as const).map((place) => over.store.all(place)))
    const fetched = vi.spyOn(globalThis, 'fetch')

    await made.tablet.open(TRAINING_CODES.good.waybill, 'camera')
    await made.tablet.show(TRAINING_CODES.good.vehicle, 'camera', null)
    await made.tablet.decide()

    expect(over.line.asked).toHaveLength(asked)
    expect(fetched).not.toHaveBeenCalled()
    expect(await Promise.all((['checks', 'acts', 'photos'] as const).map((place) => over.store.all(place)))).toEqual(before)
    expect(engine.checks.value).toEqual([])
  })

  test('leaves the tablet as it was', () => {
    made.tablet.endTraining()

    expect(made.tablet.training.value).toBe(false)
    expect(made.tablet.stage.value).toBe('arrivals')
    expect(made.tablet.checks.value).toEqual([])
  })
})

test('a code of training is worth nothing at a real tablet: its key is not in any trust list', async () => {
  const kept = engine.context.kept.peek()
  if (kept) engine.context.kept.value = { ...kept, bundle: { ...kept.bundle, trust: { ...kept.bundle.trust, jwks: { keys: [] } } } }
  over.line.down()

  await expect(made.tablet.open(CODES.waybill, 'camera')).rejects.toMatchObject({ code: 'unknown-key' })
})

describe('an update', () => {
  const take = vi.fn(async () => undefined)
  beforeEach(() => {
    take.mockClear()
    made.updates = { take }
  })

  test('is taken when nothing is unsent and no check is open', async () => {
    await made.tablet.takeUpdate()

    expect(take).toHaveBeenCalledOnce()
  })

  test('waits while a check is open', async () => {
    await made.tablet.open(CODES.waybill, 'camera')

    await expect(made.tablet.takeUpdate()).rejects.toMatchObject({ code: 'update-later' })
    expect(take).not.toHaveBeenCalled()
  })

  test('waits while anything is unsent', async () => {
    over.line.down()
    await made.tablet.signOff()

    await expect(made.tablet.takeUpdate()).rejects.toMatchObject({ code: 'update-later' })
  })
})
