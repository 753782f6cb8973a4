/** Answers that overtake each other: what the server said of an earlier moment never takes the place of what it said later. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Engine, makeEngine } from '../../src/state/engine'
import { TRAINING_BADGES, TRAINING_CODES } from '../../src/training/codes'
import { type Bench, bench, CODES, LOADING, refusal, signedOn, STEPS, until, walk } from '../harness/tablets'

let over: Bench
let engine: Engine
beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

const key = () => engine.checks.value[0]?.key ?? ''
const standingOf = (kind: string) => engine.check.value?.steps.find((step) => step.kind === kind)?.standing
const atServer = () => [...over.server.checks.values()][0]
const looks = () => over.line.asked.filter((path) => /^GET \/checks\/[^/]+$/.test(path)).length
const quiet = () => new Promise((resolve) => setTimeout(resolve, 20))

/** Let the next answer to a request wait on its way until it is let go. */
function hold(request: RegExp): { readonly go: () => Promise<unknown>; readonly given: () => boolean } {
  let go: () => void = () => undefined
  const gone = new Promise<void>((resolve) => {
    go = resolve
  })
  let given = false
  over.line.late = (path) => {
    if (given || !request.test(path)) return null
    given = true
    return gone
  }
  return { go: () => (go(), quiet()), given: () => given }
}

/** As after a kill: another engine over what is on the disk. */
async function again(): Promise<void> {
  engine.stop()
  engine = await makeEngine(over.outside)
}

const LOOK = /^GET \/checks\/[^/]+$/

describe('how the check stood before an act takes nothing of the act back', () => {
  test('of a code that is sent when a killed tablet is started again', async () => {
    await engine.open(CODES.waybill, 'camera')
    over.line.down()
    await engine.show(CODES.vehicle, 'camera', null)
    const look = hold(LOOK)
    over.line.cut = (path) => (path.includes('/scans') && !look.given() ? 'before' : 'none')
    await again()

    engine.resume(key())
    await until(look.given)
    await engine.sendNow()
    await look.go()

    expect(engine.sending.value.unsent).toBe(0)
    expect(engine.check.value?.last).toMatchObject({ judgedBy: 'server', standing: 'passed' })
    expect(standingOf('vehicle')).toBe('passed')
    expect(engine.check.value?.missing).not.toContain('vehicle')
  })

  test.each<[string, (tablet: Engine) => Promise<void>, string]>([
    ['a plate', (tablet) => tablet.seePlate('tractor', { plate: '苏H·90001', colour: 'yellow' }, 'typed'), 'plate'],
    ['a presence', (tablet) => tablet.seePerson('driver', true), 'driver'],
    ['an answer', (tablet) => tablet.answer('earthed', 'no'), 'closing_list'],
    ['a consent', (tablet) => tablet.consent(TRAINING_BADGES.supervisor.badge, TRAINING_BADGES.supervisor.pin), 'supervisor'],
  ])('of %s', async (_, act, kind) => {
    await engine.open(CODES.waybill, 'camera')
    await engine.show(CODES.driver, 'camera', null)
    const look = hold(LOOK)
    engine.resume(key())
    await until(look.given)
    await act(engine)
    const stood = standingOf(kind)
    await look.go()

    expect(standingOf(kind)).toBe(stood)
    expect(stood).not.toBe('missing')
  })

  test('nor of the clearance', async () => {
    for (const step of STEPS.slice(0, -1)) await step(engine)
    const look = hold(LOOK)
    engine.resume(key())
    await until(look.given)
    await engine.decide()
    await look.go()

    expect(engine.check.value).toMatchObject({ phase: 'after_loading', verdict: { word: 'cleared' } })
    expect(engine.check.value?.questions.map(({ group }) => group)).toContain('after_loading')
  })

  test('of two looks the later one holds', async () => {
    await engine.open(CODES.waybill, 'camera')
    const look = hold(LOOK)
    engine.resume(key())
    await until(look.given)
    const held = atServer()
    if (held) held.items = [...held.items, { type: 'presence', role: 'driver', reference: '', present: false, at: '' }]
    engine.resume(key())
    await until(() => standingOf('driver') === 'failed')
    await look.go()

    expect(standingOf('driver')).toBe('failed')
  })

  test('and it asks once more, not for ever', async () => {
    await engine.open(CODES.waybill, 'camera')
    const look = hold(LOOK)
    engine.resume(key())
    await until(look.given)
    await engine.show(CODES.vehicle, 'camera', null)
    await look.go()

    // The one that was late, the one instead of it, and none beyond what the code's own answer asks.
    expect(looks()).toBeLessThanOrEqual(4)
  })
})

describe('an answer that is given once more', () => {
  test('does not hide what was seen elsewhere since', async () => {
    await engine.open(CODES.waybill, 'camera')
    over.line.cut = (path) => (path.includes('/presences') ? 'after' : 'none')
    await engine.seePerson('driver', true)
    const held = atServer()
    if (held) held.items = [...held.items, { type: 'presence', role: 'driver', reference: '', present: false, at: '' }]
    over.line.up()
    await again()
    engine.resume(key())
    await engine.sendNow()
    await quiet()

    expect(engine.sending.value.unsent).toBe(0)
    expect(standingOf('driver')).toBe('failed')
  })

  test.each(['aborted', 'released'] as const)('clears no check that was %s elsewhere since', async (status) => {
    for (const step of STEPS.slice(0, -1)) await step(engine)
    over.line.cut = (path) => (path.includes('/decision') ? 'after' : 'none')
    await engine.decide()
    const held = atServer()
    if (held) held.status = status
    over.line.cut = (path) => (path.includes('/decision') ? 'before' : 'none')
    await again()
    engine.resume(key())
    await until(() => engine.check.value?.phase === 'over')
    // The old answer comes, and nobody can ask how it stands now.
    over.line.cut = (path) => (path.startsWith('GET') ? 'before' : 'none')
    await engine.sendNow()
    await quiet()

    expect(engine.context.journal.unsent().map(({ kind }) => kind)).not.toContain('decision')
    expect(engine.check.value?.phase).toBe('over')
    expect(engine.check.value?.verdict?.word).not.toBe('cleared')
  })
})

test('what this tablet has aborted is not cleared by an answer that comes late', async () => {
  for (const step of STEPS.slice(0, -1)) await step(engine)
  over.line.cut = (path) => (path.includes('/decision') ? 'after' : 'none')
  await engine.decide()
  over.line.down()
  await engine.abort('left without loading')
  over.line.cut = (path) => (path.includes('/abort') ? 'before' : 'none')
  await engine.sendNow()

  expect(engine.context.journal.unsent().map(({ kind }) => kind)).toEqual(['abort'])
  expect(engine.check.value?.phase).toBe('over')
})

test('a release that another tablet got is not taken back by an old refusal', async () => {
  await walk(engine)
  over.line.cut = (path) => (path.includes('/release') ? 'after' : 'none')
  await engine.enterLoading(LOADING)
  const held = atServer()
  if (held) held.status = 'released'
  over.line.cut = (path) => (path.endsWith('/release') ? 'before' : 'none')
  await again()
  engine.resume(key())
  await until(() => engine.check.value?.phase === 'over')
  over.line.cut = (path) => (path.startsWith('GET') ? 'before' : 'none')
  await engine.sendNow()
  await quiet()

  expect(engine.check.value).toMatchObject({ phase: 'over', verdict: { word: 'released' } })
})

describe('a decision whose answer was lost, and what was seen since without network', () => {
  const OTHER_PLATE = { plate: '苏H·99999', colour: 'yellow' } as const

  beforeEach(async () => {
    for (const step of STEPS.slice(0, -1)) await step(engine)
    over.line.cut = (path) => (path.includes('/decision') ? 'after' : 'none')
    await engine.decide()
    over.line.down()
    await engine.recheck()
  })

  test.each<[string, (tablet: Engine) => Promise<void>]>([
    ['a no', (tablet) => tablet.answer('earthed', 'no')],
    ['another vehicle', (tablet) => tablet.seePlate('tractor', OTHER_PLATE, 'typed')],
    ['another driver', (tablet) => tablet.show(TRAINING_CODES.faulty.driver, 'camera', null)],
  ])('is cleared by no answer: %s', async (_, act) => {
    const words: (string | undefined)[] = []
    await act(engine)
    const undo = engine.check.subscribe((check) => void words.push(check?.verdict?.word))
    over.line.cut = (path) => (path.includes('/decision') ? 'before' : 'none')
    engine.resume(key())
    await until(() => looks() > 0)
    await quiet()
    over.line.up()
    await engine.sendNow()
    await until(() => engine.sending.value.unsent === 0)
    engine.resume(key())
    await quiet()
    undo()

    expect(atServer()?.status).toBe('cleared')
    expect(words).not.toContain('cleared')
    expect(engine.check.value).toMatchObject({ phase: 'before_loading', verdict: { word: 'refused', judgedBy: 'tablet' } })
  })
})

test('of two bundles the later one is kept', async () => {
  const first = hold(/^GET \/tablet\/bundle/)
  const refreshing = engine.refresh()
  await until(first.given)
  over.clock.now += 1_000
  const again = engine.refresh()
  await quiet()
  await first.go()
  await Promise.all([refreshing, again])

  expect(engine.context.kept.value?.bundle.server_time).toBe(new Date(over.clock.now).toISOString())
})

test('a look of one tab takes nothing back that another has sent', async () => {
  await engine.open(CODES.waybill, 'camera')
  const second = await makeEngine(over.outside)
  const look = hold(LOOK)
  second.resume(key())
  await until(look.given)
  await engine.show(CODES.vehicle, 'camera', null)
  await look.go()
  await second.reload()

  const third = await makeEngine(over.outside)
  third.resume(key())
  for (const each of [engine, second, third]) {
    expect(each.check.value?.steps.find(({ kind }) => kind === 'vehicle')?.standing).toBe('passed')
  }
  second.stop()
  third.stop()
})

test.each([
  ['a release', (tablet: Engine) => tablet.enterLoading(LOADING), '/release'],
  ['an abort', (tablet: Engine) => tablet.abort('left without loading'), '/abort'],
])('%s that is refused because it was aborted elsewhere clears nothing again', async (_, act, path) => {
  await walk(engine)
  const refusing = hold(new RegExp(path))
  over.line.instead = (asked) => (asked.endsWith(path) ? refusal(409, 'state') : null)
  const refused = act(engine).then(() => null, (error: unknown) => error)
  await until(refusing.given)
  const held = atServer()
  if (held) held.status = 'aborted'
  engine.resume(key())
  await until(() => engine.context.journal.case(key())?.server?.summary.status === 'aborted')
  // Nobody can ask any more how it stands.
  over.line.cut = (asked) => (asked.startsWith('GET') ? 'before' : 'none')
  await refusing.go()

  expect(await refused).toMatchObject({ code: 'state' })
  expect(engine.check.value).toMatchObject({ phase: 'over', verdict: { word: 'refused' } })
})
