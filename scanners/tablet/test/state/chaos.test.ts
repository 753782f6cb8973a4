/** Days on which everything goes wrong, by seed: the network, the battery, sign-ons, hands. What is left must be true. */

import { expect, test } from 'vitest'
import { localLock } from '../../src/net/locks'
import { type Engine, makeEngine } from '../../src/state/engine'
import type { WireCheck } from '../../src/state/wire'
import { TRAINING_BADGES } from '../../src/training/codes'
import { type Bench, bench, type Cut, LOADING, signedOn, STEPS, until } from '../harness/tablets'

const SEEDS = Array.from({ length: Number(process.env.SEEDS ?? 6) }, (_, at) => at + 1)
const DEEDS = 60
const { loader } = TRAINING_BADGES

class Day {
  state: number
  photos = 0
  /** How often something was seen at another tablet. */
  elsewhere = 0

  constructor(
    readonly over: Bench,
    public engine: Engine,
    seed: number,
  ) {
    this.state = seed * 7_919
  }

  below(limit: number): number {
    this.state = (this.state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((this.state / 2_147_483_648) * limit)
  }

  async go(): Promise<void> {
    const over = this.over
    const deeds: readonly (() => Promise<void>)[] = [
      async () => void (over.line.cut = () => 'before'),
      async () => void (over.line.cut = () => (['none', 'before', 'after'] as const satisfies readonly Cut[])[this.below(3)] ?? 'none'),
      async () => over.line.up(),
      async () => over.line.up(),
      async () => void (over.line.late = () => (this.below(2) === 0 ? new Promise((resolve) => setTimeout(resolve, this.below(8))) : null)),
      async () => this.engine.tick(),
      async () => this.seenElsewhere(),
      () => this.startAnew(),
      () => this.endSessions(),
      async () => void (over.clock.now += this.below(40) * 60_000),
      () => this.engine.sendNow(),
      () => this.engine.decide(),
      () => this.engine.recheck(),
      () => this.engine.enterLoading(LOADING),
      async () => void (await this.engine.takePhoto('signs_rear', new Blob([Uint8Array.of(255, 216, this.photos++)]))),
      () => this.engine.answer('earthed', this.below(4) === 0 ? 'no' : 'yes'),
      () => this.engine.answer('valves_closed', 'yes'),
      () => this.engine.answer('hoses_off', 'yes'),
    ]
    const steps = STEPS.map((step) => () => step(this.engine))
    for (const step of steps) {
      // What a hand is refused is said to it; that is no fault.
      await step().catch(() => undefined)
      for (let more = this.below(4); more > 0; more -= 1) await deeds[this.below(deeds.length)]?.().catch(() => undefined)
      // Whoever stands there signs on again.
      if (this.engine.stage.value === 'locked' || this.engine.stage.value === 'sign_on') await this.engine.signOn(loader.badge, loader.pin).catch(() => undefined)
    }
    for (let deed = 0; deed < DEEDS; deed += 1) await deeds[this.below(deeds.length)]?.().catch(() => undefined)
  }

  /** Somebody says at another tablet whether the driver is there, or aborts what is being loaded. */
  seenElsewhere(): void {
    for (const held of this.over.server.checks.values()) {
      if (held.status === 'cleared' && this.below(4) === 0) held.status = 'aborted'
      this.elsewhere += 1
      held.items = [...held.items, { type: 'presence', role: 'driver', reference: '', present: this.below(3) > 0, at: '' }]
    }
  }

  async startAnew(): Promise<void> {
    const open = this.engine.check.value?.key
    this.engine.stop()
    this.engine = await makeEngine({ ...this.over.outside, lock: localLock(), numbering: localLock(), writing: localLock() })
    if (open) this.engine.resume(open)
  }

  async endSessions(): Promise<void> {
    for (const person of this.engine.context.people.value) {
      this.over.server.over.add(person.session)
      this.engine.context.tokens.drop(person.session)
    }
    await this.engine.signOn(loader.badge, loader.pin)
  }

  async end(): Promise<void> {
    this.over.line.up()
    this.over.line.late = () => null
    await this.startAnew()
    await this.engine.signOn(loader.badge, loader.pin)
    for (let time = 0; time < 3; time += 1) await this.engine.sendNow()
  }
}

test.each(SEEDS)('a day by seed %i', async (seed) => {
  const over = bench()
  const day = new Day(over, await signedOn(over), seed)
  await day.go()
  await day.end()
  const { engine } = day
  const { journal } = engine.context

  const left = () => journal.unsent().map(({ kind, problem }) => `${kind} ${problem?.en ?? ''}`)
  await until(() => journal.unsent().length === 0).catch(() => undefined)
  expect(left()).toEqual([])
  expect(await over.store.all('photos')).toEqual([])

  // Nothing is at the server more often than it was done here.
  const given = journal.acts.value.filter(({ item, state }) => item !== null && state !== 'dropped').length
  const arrived = [...over.server.checks.values()].flatMap(({ items }) => items).length
  expect(arrived).toBeLessThanOrEqual(given + over.server.checks.size + day.elsewhere)

  // What is said to be the server's is the server's.
  for (const held of journal.cases.value.values()) {
    const { verdict, serverId } = held
    const status = over.server.checks.get(serverId ?? '')?.status
    if (verdict?.word === 'released') expect(status).toBe('released')
    if (verdict?.word === 'cleared') expect(['cleared', 'released']).toContain(status)
  }
  // And how its steps stand is how they stand at the server.
  const path = `/api/v1/checks/${journal.case(engine.check.value?.key ?? '')?.serverId}`
  const { steps } = await (await over.server.fetch(path, {})).json() as WireCheck
  const there = JSON.stringify(steps.map(({ kind, state }) => [kind, state]))
  const here = () => JSON.stringify(engine.check.value?.steps.map(({ kind, standing }) => [kind, standing]))
  await until(() => here() === there).catch(() => undefined)
  expect(here()).toEqual(there)
  const numbers = [...journal.cases.value.values()].flatMap(({ records }) => records)
  expect(new Set(numbers).size).toBe(numbers.length)
  engine.stop()
})
