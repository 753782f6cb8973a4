/** A clock that is ahead of the server's: what a record tells is told by one clock, and by how much it is wrong. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/state/engine'
import { type Told, toldBy } from '../harness/told'
import { type Bench, bench, LOADING, signedOn, STEPS, until, walk } from '../harness/tablets'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

let over: Bench
let engine: Engine

beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

const told = (): Told => toldBy(engine)

describe.each([['seven minutes', 7 * MINUTE_MS], ['three hours', 3 * HOUR_MS]])('a clock that is %s ahead', (_, ahead) => {
  beforeEach(async () => {
    over.server.behind = ahead
    await engine.refresh()
    engine.tick()
    await until(() => engine.health.value.clockOffsetMs === ahead)
  })

  const server = (): number => over.clock.now - ahead

  test('tells a record by itself and how wrong it is, and opens a check by the server’s', async () => {
    over.line.down()
    await walk(engine)

    const open = engine.context.journal.acts.value.find(({ kind }) => kind === 'open')
    expect(JSON.parse(open?.json ?? '{}').at).toBe(new Date(server()).toISOString().replace('.000Z', 'Z'))
    expect(told()).toMatchObject({ clock_offset_ms: ahead, decided_at: told().made_at, opened_at: told().made_at })
    expect(Date.parse(told().made_at)).toBe(over.clock.now)
  })

  test('has no part in when the loading began and ended', async () => {
    await walk(engine)
    const startedAt = engine.check.value?.verdict?.at ?? 0
    over.clock.now += 10 * MINUTE_MS
    await engine.enterLoading({ ...LOADING, startedAt, finishedAt: server() })

    const release = engine.context.journal.acts.value.find(({ kind }) => kind === 'release')
    const body = JSON.parse(release?.json ?? '{}') as { started_at: string; finished_at: string; clock_offset_ms: number }
    expect(Date.parse(body.finished_at) - Date.parse(body.started_at)).toBe(10 * MINUTE_MS)
    expect(Date.parse(body.finished_at)).toBe(server())
    expect(body.clock_offset_ms).toBe(ahead)
  })

  test('is told with each part of several bays', async () => {
    await walk(engine)
    const [first] = LOADING.lines
    if (!first) throw new Error('no lines')
    await engine.recordPart({ lines: [first], startedAt: server(), finishedAt: server(), seals: [], nextBay: null })

    const part = engine.context.journal.acts.value.find(({ kind }) => kind === 'part')
    expect(JSON.parse(part?.json ?? '{}')).toMatchObject({ clock_offset_ms: ahead })
  })

  test('that is put right in the middle puts nothing out of order', async () => {
    over.line.down()
    for (const step of STEPS.slice(0, -1)) await step(engine)
    over.clock.now -= ahead
    over.server.behind = 0
    over.line.cut = (path) => (path.includes('heartbeat') ? 'none' : 'before')
    await engine.context.api.call({ method: 'POST', path: '/tablet/heartbeat', json: '{}', device: true })
    over.line.down()
    over.clock.now += MINUTE_MS
    await engine.decide()

    const { opened_at, decided_at, made_at, evidence, clock_offset_ms } = told()
    expect(clock_offset_ms).toBe(0)
    expect(Date.parse(made_at) - Date.parse(opened_at)).toBe(MINUTE_MS)
    expect(evidence.every(({ at }) => opened_at <= at && at <= (decided_at ?? ''))).toBe(true)
  })
})
