/** Several bays in turn, on two tablets over one server; and checks that were begun elsewhere. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/state/engine'
import { recordedLines } from '../../src/state/bays'
import type { LoadedLine } from '../../src/state/model'
import { memoryStore } from '../../src/store/memory'
import { TRAINING_BADGES, TRAINING_CODES } from '../../src/training/codes'
import { BAY, OTHER_BAY } from '../../src/training/trips'
import { makeEngine } from '../../src/state/engine'
import { type Bench, bench, CARDS, CODES, LOADING, signedOn, until, walk } from '../harness/tablets'

const [FIRST, SECOND] = LOADING.lines as unknown as readonly [LoadedLine, LoadedLine]
const LIST = ['engine_off', 'earthed']

let over: Bench
let engine: Engine
let other: Engine

beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
  other = await another(OTHER_BAY.id)
})
afterEach(() => {
  engine.stop()
  other.stop()
})

/** Another tablet with its own store, over the same server. */
async function another(bay: string): Promise<Engine> {
  const made = await makeEngine({ ...over.outside, store: memoryStore() })
  await made.enrol('ABCD-EFGH')
  await made.chooseBay(bay)
  await made.refresh()
  await made.signOn(TRAINING_BADGES.loader.badge, TRAINING_BADGES.loader.pin)
  return made
}

const part = (lines: readonly LoadedLine[], nextBay: string | null) =>
  ({ lines, startedAt: LOADING.startedAt, finishedAt: LOADING.startedAt, seals: ['P1'], nextBay })
const lines = (of: Engine) => of.check.value?.bays?.lines.map(({ position, bay, waiting }) => [position, bay?.name ?? null, waiting])
const checkIdOf = (of: Engine): string => of.context.journal.case(of.check.value?.key ?? '')?.serverId ?? ''
const parts = () => over.server.done.filter((path) => path.endsWith('/loading-parts'))

/** Clear the trip at the first bay, record line 1 there and hand it over. */
async function handOver(): Promise<string> {
  await walk(engine)
  const id = checkIdOf(engine)
  await engine.recordPart(part([FIRST], OTHER_BAY.id))
  return id
}

describe('a trip of two compartments', () => {
  test('shows its plan once it is cleared, at a facility of several bays', async () => {
    await walk(engine)

    expect(engine.check.value?.bays).toMatchObject({ here: BAY, checkedAt: BAY, arrival: 'here', others: [OTHER_BAY], nextBay: null })
    expect(lines(engine)).toEqual([[1, null, false], [2, null, false]])
  })

  test('is the next bay’s once a part is recorded, and stands first among its arrivals', async () => {
    const id = await handOver()
    expect(engine.stage.value).toBe('arrivals')
    expect(engine.arrivals.value.map(({ checkKey }) => checkKey)).toEqual([null, null])

    await other.refresh()

    const [arrival] = other.arrivals.value
    expect(arrival).toMatchObject({ number: 'YL202600000001', status: 'cleared' })
    expect(arrival?.underWay).toEqual({ checkId: id, bay: BAY, nextBay: OTHER_BAY, left: 1, comesHere: true })
  })

  test('is gone on with there once its list was seen, and released with the last line', async () => {
    const id = await handOver()
    await other.takeOver(id)
    expect(lines(other)).toEqual([[1, '1 号位', false], [2, null, false]])
    expect(other.check.value?.bays).toMatchObject({ here: OTHER_BAY, checkedAt: BAY, arrival: 'needed', seals: [] })
    expect(other.check.value?.bays?.closingList.map((asked) => asked.id)).toEqual(LIST)

    await other.arriveHere(LIST)
    expect(other.check.value?.bays?.arrival).toBe('here')
    await other.answer('valves_closed', 'yes')
    await other.answer('hoses_off', 'yes')
    await other.enterLoading({ ...LOADING, lines: [SECOND] })

    expect(other.check.value?.verdict?.word).toBe('released')
    expect(parts()).toEqual([`/checks/${id}/loading-parts`, `/checks/${id}/loading-parts`])
    expect(over.server.checks.size).toBe(1)
    expect(other.sending.value.unsent).toBe(0)
  })

  test('that comes back to the first bay arrives there anew, before anything more goes in', async () => {
    await walk(engine)
    const id = checkIdOf(engine)
    await other.refresh()
    await other.takeOver(id)
    await other.arriveHere(LIST)

    await engine.takeOver(id)
    expect(engine.check.value?.bays?.arrival).toBe('needed')
    await engine.arriveHere(LIST)
    expect(engine.check.value?.bays?.arrival).toBe('here')
  })

  test('nothing goes in at the next bay before the server knows that it stands there', async () => {
    const id = await handOver()
    await other.takeOver(id)
    over.line.down()

    await other.arriveHere(LIST)

    expect(other.check.value?.bays?.arrival).toBe('waiting')
    over.line.up()
    await other.sendNow()
    expect(other.check.value?.bays?.arrival).toBe('here')
  })

  test('stays with the first bay until the server has its part', async () => {
    await walk(engine)
    over.line.down()
    await engine.recordPart(part([FIRST], OTHER_BAY.id))

    expect(engine.check.value).toMatchObject({ phase: 'after_loading', unsent: 1 })
    expect(lines(engine)).toEqual([[1, '1 号位', true], [2, null, false]])
    over.line.up()
    await engine.sendNow()
    expect(engine.stage.value).toBe('arrivals')
    expect(parts()).toHaveLength(1)
  })

  test('a part entered anew before it went replaces the one that waits', async () => {
    await walk(engine)
    over.line.down()
    engine.context.online.value = false
    const less = { ...FIRST, quantityKg: '18400' }
    await engine.recordPart(part([FIRST], OTHER_BAY.id))
    await engine.recordPart(part([less], OTHER_BAY.id))
    over.line.up()
    await engine.sendNow()

    const held = [...over.server.checks.values()][0]
    expect(held?.bays.items.at(-1)).toMatchObject({ lines: [{ quantity_kg: '18400' }] })
  })

  test('a part that waits loses no line when another one is entered', async () => {
    await walk(engine)
    over.line.down()
    engine.context.online.value = false
    await engine.recordPart(part([FIRST], OTHER_BAY.id))
    await engine.answer('valves_closed', 'yes')
    await engine.answer('hoses_off', 'yes')
    await engine.enterLoading({ ...LOADING, lines: [{ ...FIRST, quantityKg: '18400' }, SECOND] })
    over.line.up()
    await engine.sendNow()

    expect(engine.check.value?.verdict?.word).toBe('released')
    expect([...over.server.checks.values()][0]?.bays.items.at(-1)).toMatchObject({ lines: [{ position: 1, quantity_kg: '18400' }], seals: LOADING.seals })
  })

  test.each([
    ['corrected', ['P2'], ['P2']],
    ['added', ['P1', 'P2'], ['P1']],
  ])('a seal that is %s with the last lines stands alone for what it was', async (_, seals, ofParts) => {
    await walk(engine)
    await engine.recordPart(part([FIRST], null))
    await engine.answer('valves_closed', 'yes')
    await engine.answer('hoses_off', 'yes')
    await engine.enterLoading({ ...LOADING, lines: [FIRST, SECOND], seals })

    expect(engine.check.value?.verdict?.word).toBe('released')
    const items = [...over.server.checks.values()][0]?.bays.items ?? []
    expect([...recordedLines(items).values()].flatMap((each) => each.part.seals)).toEqual(ofParts)
    expect(parts()).toHaveLength(seals.length === 1 ? 2 : 1)
  })

  test('an answer that is lost doubles nothing', async () => {
    await walk(engine)
    over.line.cut = (path) => (path.includes('loading-parts') ? 'after' : 'none')
    await engine.recordPart(part([FIRST], OTHER_BAY.id))
    over.line.up()
    await engine.sendNow()

    expect(parts()).toHaveLength(1)
    expect(engine.stage.value).toBe('arrivals')
  })

  test('scanned at a bay whose list is behind, it is gone on with and no second check is left open', async () => {
    await walk(engine)
    other.context.underWay.value = []

    await other.open(CODES.waybill, 'camera')
    await other.sendNow()

    expect(other.check.value).toMatchObject({ phase: 'after_loading', number: 'YL202600000001' })
    expect(checkIdOf(other)).toBe(checkIdOf(engine))
    expect([...over.server.checks.values()].map(({ status }) => status)).toEqual(['cleared', 'aborted'])
  })

  test('released elsewhere meanwhile, it cannot be gone on with', async () => {
    const id = await handOver()
    const [held] = over.server.checks.values()
    if (held) held.status = 'released'

    await expect(other.takeOver(id)).rejects.toMatchObject({ code: 'not-under-way' })
  })
})

describe('a check that was refused at another tablet of the bay', () => {
  let second: Engine
  let id = ''
  beforeEach(async () => {
    await engine.open(TRAINING_CODES.faulty.waybill, 'camera')
    for (const kind of CARDS) await engine.show(TRAINING_CODES.faulty[kind], 'camera', null)
    await engine.decide()
    id = checkIdOf(engine)
    second = await another(BAY.id)
    await second.open(TRAINING_CODES.faulty.waybill, 'camera')
  })
  afterEach(() => second.stop())

  test('is offered with what stands and what must be shown again', () => {
    const earlier = second.check.value?.earlier

    expect(earlier?.standing).toContain('vehicle')
    expect(earlier?.again).toContainEqual({ kind: 'trailer', why: 'failed' })
  })

  test('is gone on with: what stands is not asked again, and the second check is ended', async () => {
    await second.goOnWithEarlier()
    await second.sendNow()

    expect(checkIdOf(second)).toBe(id)
    expect(second.check.value?.earlier).toBeNull()
    expect(second.check.value?.steps.filter((step) => step.kept).map((step) => step.kind)).toContain('vehicle')
    expect([...over.server.checks.values()].map(({ status }) => status)).toEqual(['refused', 'aborted'])
    await until(() => second.sending.value.unsent === 0)
  })

  test('takes nothing that is shown before it is said which of the two goes on', async () => {
    await expect(second.show(TRAINING_CODES.faulty.vehicle, 'wedge', null)).rejects.toMatchObject({ code: 'earlier-first' })

    await second.goOnWithEarlier()
    await second.show(TRAINING_CODES.faulty.vehicle, 'wedge', null)
    expect([...over.server.checks.values()].at(-1)?.items).toHaveLength(1)
  })

  test('does not flicker to all missing while something new is on its way', async () => {
    await second.goOnWithEarlier()
    over.line.down()
    await second.seePerson('driver', true)

    expect(second.check.value?.steps.find((step) => step.kind === 'vehicle')?.standing).toBe('passed')
    expect(second.check.value?.wouldClear).toBe(false)
  })

  test('or begun anew', async () => {
    await second.beginAnew()

    expect(second.check.value?.earlier).toBeNull()
    expect(checkIdOf(second)).not.toBe(id)
  })
})
