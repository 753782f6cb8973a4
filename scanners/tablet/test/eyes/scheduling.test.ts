import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { REPEAT_MS } from '../../src/eyes'
import { Looking } from '../../src/eyes/looping'
import { Repeats } from '../../src/eyes/repeats'
import {
  crop, LOOKS, QUIET_AFTER_MS, QUIET_INTERVAL_MS, restAfter, SHORTEST_INTERVAL_MS, type Look,
} from '../../src/eyes/scheduling'

const whole = (side: number): Look => ({
  part: 'whole',
  side,
  enlarged: false,
  sharpened: false,
  harder: false,
  inverted: false,
  turned: false,
})
const middle = (side: number): Look => ({ ...whole(side), part: 'middle' })

describe('a code in sight', () => {
  test('is new once, however long it stays', () => {
    const repeats = new Repeats()

    const news = Array.from({ length: 100 }, (_, frame) => repeats.isNew('a', frame * 90))

    expect(news.filter(Boolean)).toEqual([true])
    expect(news[0]).toBe(true)
  })

  test.each([
    [REPEAT_MS - 1, false],
    [REPEAT_MS, true],
  ])('is new again after %d ms out of sight: %s', (away, isNew) => {
    const repeats = new Repeats()
    repeats.isNew('a', 5_000)

    expect(repeats.isNew('a', 5_000 + away)).toBe(isNew)
  })

  test('is new beside another', () => {
    const repeats = new Repeats()

    const news = ['a', 'b', 'a', 'b'].map((text, frame) => repeats.isNew(text, frame * 90))

    expect(news).toEqual([true, true, false, false])
  })
})

describe('the part of a picture', () => {
  test('that is its middle is square and keeps its pixels where they are few', () => {
    expect(crop(1920, 1080, middle(1080))).toEqual({
      from: { x: 420, y: 0, width: 1080, height: 1080 }, width: 1080, height: 1080,
    })
  })

  test('is shrunk to what the look wants, upright pictures too', () => {
    expect(crop(1080, 1920, whole(960))).toEqual({
      from: { x: 0, y: 0, width: 1080, height: 1920 }, width: 540, height: 960,
    })
  })

  test('that is its heart is enlarged twice, and no further than the look wants', () => {
    const look: Look = { ...middle(1600), part: 'heart', enlarged: true }

    expect(crop(1280, 720, look)).toEqual({
      from: { x: 370, y: 90, width: 540, height: 540 }, width: 1080, height: 1080,
    })
    expect(crop(1920, 1080, look)).toEqual({
      from: { x: 555, y: 135, width: 810, height: 810 }, width: 1600, height: 1600,
    })
  })

  test('is else never enlarged', () => {
    expect(crop(640, 480, whole(1920))).toEqual({
      from: { x: 0, y: 0, width: 640, height: 480 }, width: 640, height: 480,
    })
  })

  test('has at least one pixel', () => {
    expect(crop(4000, 1, whole(960))).toMatchObject({ width: 960, height: 1 })
  })
})

describe('the looks', () => {
  test('begin with a cheap one and hold every way to look', () => {
    expect(LOOKS[0]?.harder).toBe(false)
    for (const how of ['enlarged', 'sharpened', 'harder', 'inverted', 'turned'] as const) {
      expect(LOOKS.some((look) => look[how])).toBe(true)
    }
    expect(LOOKS.some(({ part, side }) => part === 'whole' && side >= 1920)).toBe(true)
  })

  test.each([
    ['twelve a second at most', 5, 0, SHORTEST_INTERVAL_MS - 5],
    ['half of the processor at most', 200, 0, 200],
    ['four a second while nobody aims', 5, QUIET_AFTER_MS, QUIET_INTERVAL_MS - 5],
    ['half of the processor then too', 300, QUIET_AFTER_MS, 300],
  ])('take %s', (_, took, quiet, rest) => {
    expect(restAfter(took, quiet)).toBe(rest)
  })
})

describe('looking again and again', () => {
  interface Reading {
    readonly look: Look
    readonly answer: (found: boolean) => void
    readonly fail: (reason: Error) => void
  }

  let readings: Reading[]
  let looking: Looking

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    readings = []
    looking = new Looking(
      (look) =>
        new Promise((resolve, reject) => {
          readings.push({ look, answer: resolve, fail: reject })
        }),
    )
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  test('never has more than one picture under way', async () => {
    looking.start()
    await vi.advanceTimersByTimeAsync(10_000)

    expect(readings).toHaveLength(1)
  })

  test('takes the looks in turn, each after its rest', async () => {
    looking.start()
    for (let turn = 0; turn < LOOKS.length + 1; turn += 1) {
      await vi.advanceTimersByTimeAsync(0)
      expect(readings).toHaveLength(turn + 1)
      readings[turn]?.answer(turn === 2)
      await vi.advanceTimersByTimeAsync(SHORTEST_INTERVAL_MS - 1)
      expect(readings).toHaveLength(turn + 1)
      await vi.advanceTimersByTimeAsync(1)
    }

    expect(readings.slice(0, -1).map(({ look }) => look)).toEqual([...LOOKS, LOOKS[0]])
  })

  test('slows down while nothing is found', async () => {
    looking.start()
    await vi.advanceTimersByTimeAsync(QUIET_AFTER_MS)
    readings[0]?.answer(false)
    // The long look itself is followed by as long a rest.
    await vi.advanceTimersByTimeAsync(QUIET_AFTER_MS)
    expect(readings).toHaveLength(2)
    readings[1]?.answer(false)

    await vi.advanceTimersByTimeAsync(QUIET_INTERVAL_MS - 1)
    expect(readings).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(readings).toHaveLength(3)
  })

  test('goes on after a look that failed', async () => {
    looking.start()
    await vi.advanceTimersByTimeAsync(0)
    readings[0]?.fail(new Error('the worker ended'))
    await vi.advanceTimersByTimeAsync(SHORTEST_INTERVAL_MS)

    expect(readings).toHaveLength(2)
  })

  test('ends when it is told, also while a look is under way', async () => {
    looking.start()
    await vi.advanceTimersByTimeAsync(0)
    looking.stop()
    readings[0]?.answer(false)
    await vi.advanceTimersByTimeAsync(10_000)

    expect(readings).toHaveLength(1)
  })

  test('started anew waits for the look that is under way', async () => {
    looking.start()
    await vi.advanceTimersByTimeAsync(0)
    looking.stop()
    looking.start()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(readings).toHaveLength(1)

    readings[0]?.answer(false)
    await vi.advanceTimersByTimeAsync(0)
    expect(readings).toHaveLength(2)
  })
})
