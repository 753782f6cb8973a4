/** Killed in the middle, at each write of a trip, with a network and without: the trip goes on. */

import { describe, expect, test } from 'vitest'
import { localLock } from '../../src/net/locks'
import { type Engine, makeEngine } from '../../src/state/engine'
import { memoryStore } from '../../src/store/memory'
import { bench, CODES, signedOn, STEPS } from '../harness/tablets'
import { MortalStore } from '../harness/mortal'

/** Writes of a trip with a network are about four an act; a number beyond the last kills nothing. */
const EVERY = Array.from({ length: 18 }, (_, at) => at * 5 + 1)

/** Whether a step came to its end, or the tablet died in it. */
async function survives(step: Promise<void>, store: MortalStore): Promise<boolean> {
  let done = false
  void step.then(() => {
    done = true
  }, () => undefined)
  while (!done && !store.dead) await new Promise((resolve) => setTimeout(resolve, 1))
  // What was under way outside goes on for a moment, as requests do when a tablet dies.
  if (store.dead) await new Promise((resolve) => setTimeout(resolve, 3))
  return done
}

async function again(over: ReturnType<typeof bench>, store: ReturnType<typeof memoryStore>): Promise<Engine> {
  // The browser frees the locks of a page that is gone.
  const engine = await makeEngine({ ...over.outside, store, lock: localLock(), numbering: localLock(), writing: localLock() })
  const going = engine.checks.value.find((check) => check.phase !== 'over')
  if (going) engine.resume(going.key)
  return engine
}

describe.each(['with', 'without'] as const)('%s a network', (network) => {
  describe.each(['before', 'after'] as const)('killed %s a write', (when) => {
    test.each(EVERY)('number %i', async (nth) => {
      const over = bench()
      const disk = over.store
      const first = await signedOn(over)
      first.stop()
      if (network === 'without') over.line.down()
      const store = new MortalStore(disk, nth, when)
      let engine = await makeEngine({ ...over.outside, store, lock: localLock(), numbering: localLock(), writing: localLock() })

      for (const [at, step] of STEPS.entries()) {
        if (await survives(step(engine), store)) continue
        engine.stop()
        engine = await again(over, disk)
        // Whoever stood there does again what the tablet did not say was done.
        if (at === 0 || engine.check.value?.verdict === null) await step(engine)
        for (const rest of STEPS.slice(at + 1)) if (engine.check.value?.verdict === null) await rest(engine)
        break
      }
      // Whatever the kill has left, a reload finds all of it.
      engine.stop()
      over.line.up()
      engine = await again(over, disk)
      await engine.sendNow()
      await engine.sendNow()

      expect(engine.checks.value).toHaveLength(1)
      expect(engine.checks.value[0]?.verdict?.word).toBe('cleared')
      expect(engine.sending.value.unsent).toBe(0)
      expect(over.server.checks.size).toBe(1)
      expect(over.server.done.filter((path) => path.endsWith('/decision')).length).toBeLessThanOrEqual(1)
      engine.stop()
    })
  })
})

test('after a reload the tablet stands where it stood', async () => {
  const over = bench()
  const before = await signedOn(over)
  over.line.down()
  await before.open(CODES.waybill, 'camera')
  await before.show(CODES.vehicle, 'camera', null)
  const seen = before.check.value
  before.stop()

  const after = await again(over, over.store)

  expect(after.check.value?.steps).toEqual(seen?.steps)
  expect(after.person.value?.label).toBe('training')
  expect(after.sending.value.unsent).toBe(2)
  after.stop()
})
