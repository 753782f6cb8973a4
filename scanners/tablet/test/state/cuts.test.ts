/** The network cut before and after each single request of a whole trip: nothing lost, nothing twice. */

import { afterEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/state/engine'
import { type Bench, bench, type Cut, LOADING, signedOn, STEPS } from '../harness/tablets'

let engine: Engine | undefined
afterEach(() => engine?.stop())

/** Requests of a whole trip with a good line: what may be cut. */
const REQUESTS = STEPS.length + 2

async function trip(over: Bench): Promise<Engine> {
  const made = await signedOn(over)
  engine = made
  return made
}

function onceEach(over: Bench): void {
  const { done, checks } = over.server
  // Answers and photos are many; what changes a waybill is one.
  for (const path of ['/checks', '/decision', '/release']) {
    expect(done.filter((each) => each.endsWith(path)).length, path).toBeLessThanOrEqual(1)
  }
  expect(checks.size).toBe(1)
  const [held] = checks.values()
  const seen = held?.items.map((item) => JSON.stringify({ ...item, at: '' })) ?? []
  expect(seen.length, 'evidence').toBe(new Set(seen).size)
}

describe.each<Cut>(['before', 'after'])('cut %s a request arrives', (cut) => {
  test.each(Array.from({ length: REQUESTS }, (_, at) => at + 1))('request %i', async (nth) => {
    const over = bench()
    const tablet = await trip(over)
    const from = over.line.asked.length
    over.line.cut = (_, at) => (at === from + nth ? cut : 'none')

    for (const step of STEPS) await step(tablet)
    await tablet.sendNow()
    await tablet.sendNow()

    expect(tablet.check.value?.verdict?.word).toBe('cleared')
    expect(tablet.sending.value.unsent).toBe(0)
    onceEach(over)
    expect([...over.server.checks.values()][0]?.status).toBe('cleared')
  })

  test.each(Array.from({ length: REQUESTS }, (_, at) => at + 1))('from request %i on, until the end', async (nth) => {
    const over = bench()
    const tablet = await trip(over)
    const from = over.line.asked.length
    over.line.cut = (_, at) => (at >= from + nth ? cut : 'none')

    for (const step of STEPS) await step(tablet)
    expect(tablet.check.value?.verdict?.word).toBe('cleared')
    over.line.up()
    await tablet.sendNow()
    await tablet.sendNow()

    expect(tablet.sending.value.unsent).toBe(0)
    expect(tablet.sending.value.contradicted).toEqual([])
    onceEach(over)
    expect([...over.server.checks.values()][0]?.status).toBe('cleared')
  })
})

test('a line that comes and goes with every request ends as a good one does', async () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const over = bench()
    const tablet = await trip(over)
    let state = seed
    over.line.cut = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return (['none', 'before', 'after', 'none'] as const)[state % 4] ?? 'none'
    }
    for (const step of STEPS) await step(tablet)
    await tablet.answer('valves_closed', 'yes')
    await tablet.answer('hoses_off', 'yes')
    await tablet.enterLoading(LOADING)
    over.line.up()
    await tablet.sendNow()
    await tablet.sendNow()

    expect(tablet.sending.value.unsent, `seed ${seed}`).toBe(0)
    expect(tablet.check.value?.verdict?.word, `seed ${seed}`).toBe('released')
    onceEach(over)
    tablet.stop()
  }
})
