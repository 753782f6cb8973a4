/** Whole checks, with a network and without. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { idOfWaybill } from '../../src/core/presenting'
import type { Engine } from '../../src/state/engine'
import { TRAINING_CODES } from '../../src/training/codes'
import { type Bench, bench, CARDS, LOADING, signedOn, STEPS, until, walk } from '../harness/tablets'

let over: Bench
let engine: Engine

beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

test('signed on, today’s arrivals stand there with their readiness', () => {
  expect(engine.stage.value).toBe('arrivals')
  expect(engine.arrivals.value.map((each) => [each.number, each.readiness])).toEqual([
    ['YL202600000001', 'passed'],
    ['YL202600000002', 'passed'],
  ])
})

describe('with a network', () => {
  test('each scan is answered by the server, and what is missing shrinks', async () => {
    await engine.open(TRAINING_CODES.good.waybill, 'camera')
    const before = engine.check.value?.missing.length ?? 0

    await engine.show(TRAINING_CODES.good.vehicle, 'camera', null)

    expect(engine.check.value?.last).toMatchObject({ standing: 'passed', kind: 'vehicle', judgedBy: 'server' })
    expect(engine.check.value?.missing).toHaveLength(before - 1)
    expect(engine.sending.value.unsent).toBe(0)
  })

  test.each(['up', 'down'] as const)('a fine card whose holder nobody has seen lacks that, and is not doubtful: the line is %s', async (how) => {
    await engine.open(TRAINING_CODES.good.waybill, 'camera')
    over.line[how]()
    await engine.show(TRAINING_CODES.good.driver, 'camera', null)
    expect(engine.check.value?.last).toMatchObject({ standing: 'missing', kind: 'driver' })
    expect(engine.check.value?.last?.reasons.map(({ cure }) => cure.en)).toEqual(['See the person and confirm.'])

    await engine.seePerson('driver', true)
    expect(engine.check.value?.steps.find(({ kind }) => kind === 'driver')?.standing).toBe('passed')
  })

  test('a good trip is cleared, loaded and released', async () => {
    await walk(engine)
    expect(engine.check.value?.verdict).toMatchObject({ word: 'cleared', judgedBy: 'server' })
    expect(engine.check.value?.phase).toBe('after_loading')

    await engine.answer('valves_closed', 'yes')
    await engine.answer('hoses_off', 'yes')
    await engine.enterLoading(LOADING)
    await until(() => engine.check.value?.releaseCode !== null)

    expect(engine.check.value?.verdict?.word).toBe('released')
    expect(engine.check.value?.phase).toBe('over')
  })

  test('a faulty trip is refused with its reasons, cured, and only the rest is asked again', async () => {
    await engine.open(TRAINING_CODES.faulty.waybill, 'camera')
    for (const kind of CARDS) await engine.show(TRAINING_CODES.faulty[kind], 'camera', null)
    await engine.decide()

    expect(engine.check.value?.verdict?.word).toBe('refused')
    expect(engine.check.value?.steps.find((step) => step.kind === 'trailer')?.standing).toBe('failed')

    await engine.recheck()
    const kept = engine.check.value?.steps.filter((step) => step.kept).map((step) => step.kind)
    expect(kept).toContain('vehicle')
    expect(engine.check.value?.verdict).toBeNull()
  })

  test('a code that opens nothing leaves no check behind', async () => {
    await expect(engine.open('123', 'typed')).rejects.toMatchObject({ code: expect.any(String) })

    expect(engine.checks.value).toEqual([])
    expect(engine.sending.value.unsent).toBe(0)
  })
})

test('a waybill’s code names it without hyphens, and the arrival is found all the same', () => {
  expect(idOfWaybill('01a21af9846b72c59dd1f1df8dd4ed9f')).toBe('01a21af9-846b-72c5-9dd1-f1df8dd4ed9f')
  expect(idOfWaybill('WB-cda0211802e79e95923a')).toBe('WB-cda0211802e79e95923a')
})

describe('without a network', () => {
  beforeEach(() => over.line.down())

  test('a good trip is cleared by what the tablet can prove, and its record waits', async () => {
    await walk(engine)

    expect(engine.check.value?.verdict).toMatchObject({ word: 'cleared', judgedBy: 'tablet', reasons: [] })
    expect(engine.sending.value.items.map((item) => item.what.en)).toContain('Record of an offline check')
  })

  test('the record goes once when the network is back, and the server confirms it', async () => {
    await walk(engine)
    over.line.up()
    await engine.sendNow()
    await engine.sendNow()

    expect(over.server.done.filter((path) => path === '/tablet/records')).toHaveLength(1)
    expect(engine.sending.value.unsent).toBe(0)
    expect(engine.check.value?.verdict).toMatchObject({ word: 'cleared', judgedBy: 'server' })
  })

  test('another trailer than the waybill says is refused', async () => {
    await engine.open(TRAINING_CODES.faulty.waybill, 'camera')
    await engine.show(TRAINING_CODES.faulty.trailer, 'camera', null)
    expect(engine.check.value?.last).toMatchObject({ standing: 'failed', judgedBy: 'tablet' })

    await engine.decide()

    expect(engine.check.value?.verdict?.word).toBe('refused')
  })

  test('what is missing keeps it from being proven', async () => {
    await STEPS[0]?.(engine)
    await engine.decide()

    expect(engine.check.value?.verdict?.word).toBe('not_proven')
  })

  test('a loading record waits for the server, which alone releases', async () => {
    await walk(engine)
    await engine.enterLoading(LOADING)

    expect(engine.check.value?.verdict?.word).toBe('release_waiting')
    expect(engine.check.value?.releaseCode).toBeNull()
  })
})
