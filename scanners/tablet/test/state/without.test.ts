/** What a record tells of a check without network: consent, looks, and one clock. */

import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/state/engine'
import type { WireArrival, WireBundle } from '../../src/state/wire'
import { TRAINING_BADGES } from '../../src/training/codes'
import { LOADER, SUPERVISOR } from '../../src/training/trips'
import { type Told, toldBy } from '../harness/told'
import { type Bench, bench, signedOn, STEPS, until, walk } from '../harness/tablets'

const MINUTE_MS = 60_000
const TAG = 'WBP1.AGRBV6MENNZMLHOR6HPY3VHNT4JIXBF5NEWLAZGNP5'

let over: Bench
let engine: Engine

beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

const told = (): Told => toldBy(engine)

/** Let what is kept say something else. */
function keep(bundle: Partial<WireBundle>, arrival: Partial<WireArrival> = {}): void {
  const kept = engine.context.kept.value
  if (!kept) throw new Error('nothing is kept')
  const arrivals = kept.bundle.arrivals.map((each) => ({ ...each, ...arrival }))
  engine.context.kept.value = { ...kept, bundle: { ...kept.bundle, arrivals, ...bundle } }
}

function consent(): Promise<void> {
  const { badge, pin } = TRAINING_BADGES.supervisor
  return engine.consent(badge, pin)
}

test('a record has the members that the server reads, and each item those of its type', async () => {
  const file = new URL('../../../../tests/vectors/tablet/offline_records.json', import.meta.url)
  const { payload } = JSON.parse(readFileSync(file, 'utf8')) as { payload: Told }
  over.line.down()
  await walk(engine)

  expect(Object.keys(told()).sort()).toEqual(Object.keys(payload).sort())
  for (const item of told().evidence) {
    const known = payload.evidence.find(({ type }) => type === item.type) ?? {}
    expect(Object.keys(known)).toEqual(expect.arrayContaining(Object.keys(item)))
  }
})

test('a step that no such trip has is not said to be met', async () => {
  keep({}, { asked: [] })
  over.line.down()
  await STEPS[0]?.(engine)

  expect(engine.check.value?.steps.find(({ kind }) => kind === 'plant_items')).toMatchObject({ needed: false, standing: 'missing' })
  expect(engine.check.value?.missing).not.toContain('plant_items')
})

describe('what is kept anew in the middle of a check', () => {
  const word = () => [engine.check.value?.verdict?.word, ...(engine.check.value?.verdict?.reasons.map(({ code }) => code) ?? [])]

  beforeEach(async () => {
    for (const step of STEPS.slice(0, -1)) await step(engine)
    over.line.down()
    engine.context.online.value = false
  })

  test.each<[string, Partial<WireArrival>, string]>([
    ['it would not be cleared any more', { preclearance: { judged_at: '2026-11-27T00:00:00Z', good_until: '2026-11-28T00:00:00Z', would_clear: false } }, 'not_proven offline.not-precleared'],
    ['it was corrected', { revision: 2 }, 'refused offline.waybill-superseded'],
    ['it was cancelled', { status: 'cancelled' }, 'refused offline.waybill-cancelled'],
  ])('is what the verdict goes by: %s', async (_, arrival, said) => {
    keep({}, arrival)
    await engine.decide()

    expect(word().join(' ')).toBe(said)
  })

  test('says so where it is expected no more', async () => {
    keep({ arrivals: [] })
    await engine.decide()

    expect(word()).toEqual(['not_proven', 'offline.not-expected'])
  })

  test('clears what still stands', async () => {
    keep({})
    await engine.decide()

    expect(word()).toEqual(['cleared'])
  })
})

describe('a plant that asks for the supervisor’s consent', () => {
  beforeEach(() => keep({ supervisor_consents: true }))

  test('is never cleared without it, and nobody unknown here gives it', async () => {
    over.line.down()
    await walk(engine)

    expect(engine.check.value?.verdict?.word).toBe('not_proven')
    expect(engine.check.value?.verdict?.reasons.map(({ code }) => code)).toEqual(['offline.consent-missing'])
    expect(engine.check.value?.missing).toEqual(['supervisor'])
    expect(engine.check.value?.steps.find(({ kind }) => kind === 'supervisor')?.reasons[0]?.title.zh).toBe('需装卸管理人员同意')
    await expect(consent()).rejects.toMatchObject({ code: 'no-network' })
  })

  test('is cleared once a supervisor who signed on here today agrees, last of all', async () => {
    const { badge, pin } = TRAINING_BADGES.supervisor
    await engine.signOn(badge, pin)
    await engine.signOn(TRAINING_BADGES.loader.badge, TRAINING_BADGES.loader.pin)
    keep({ supervisor_consents: true })
    over.line.down()
    await walk(engine)
    over.clock.now += MINUTE_MS
    await consent()
    over.clock.now += MINUTE_MS
    await engine.decide()

    expect(engine.check.value?.verdict?.word).toBe('cleared')
    expect(told().evidence.at(-1)).toMatchObject({ type: 'consent', given: 'yes', session: expect.any(String) })
  })

  test('a consent from before a refusal is asked for again', async () => {
    const { badge, pin } = TRAINING_BADGES.supervisor
    await engine.signOn(badge, pin)
    keep({ supervisor_consents: true })
    over.line.down()
    for (const step of STEPS.slice(0, -2)) await step(engine)
    await consent()
    await engine.decide()
    await engine.recheck()
    await engine.answer('helmet', 'yes')
    await engine.decide()

    expect(engine.check.value?.verdict?.reasons.map(({ code }) => code)).toEqual(['offline.consent-outdated'])
  })
})

describe('what is asked so that somebody looks', () => {
  const control = { id: 'un_number', zh: '？', en: '?', choices: [{ value: '1203', zh: '1203', en: '1203' }] }
  const photo = { shows: 'valve_box', zh: '阀门箱', en: 'valve box', taken: false, why: 'risk', phase: 'before_loading' } as const
  const tag = { id: '01a21af9-846b-72c5-9dd1-f1df8dd4ed9f', bay_id: '', point: 'valve_box', label: '', zh: '阀门箱', en: 'valve box' }

  beforeEach(async () => {
    const here = { ...tag, bay_id: engine.bay.value?.id ?? '' }
    keep({ presence_tags: [here, { ...here, bay_id: 'another', point: 'cab' }] }, { looks: { seal: '2026-11-27.3.X', photos: [photo], control_questions: [control] } })
    over.line.down()
    await STEPS[0]?.(engine)
  })

  test('is asked without network as with it, for this bay', () => {
    expect(engine.check.value?.control.map(({ id }) => id)).toEqual(['un_number'])
    expect(engine.check.value?.photos.map(({ shows, why }) => [shows, why])).toContainEqual(['valve_box', 'risk'])
    expect(engine.check.value?.presencePoints.map(({ point, seen }) => [point, seen])).toEqual([['valve_box', false]])
  })

  test('goes with the record, and keeps nobody from loading', async () => {
    await engine.answerControl('un_number', '1203')
    await engine.show(TAG, 'camera', null)
    for (const step of STEPS.slice(1)) await step(engine)

    expect(engine.check.value?.verdict?.word).toBe('cleared')
    expect(engine.check.value?.presencePoints[0]?.seen).toBe(true)
    expect(told().looks).toBe('2026-11-27.3.X')
    expect(told().evidence).toContainEqual(expect.objectContaining({ type: 'control', question: 'un_number', answer: '1203' }))
    expect(told().evidence).toContainEqual(expect.objectContaining({ type: 'presence_tag', text: TAG }))
  })

  test('a tag that nobody knows here is not said to be seen', async () => {
    await engine.show(TAG.replace('AGRB', 'BGRB'), 'camera', null)

    expect(engine.check.value?.last?.standing).toBe('unknown')
    expect(engine.check.value?.presencePoints[0]?.seen).toBe(false)
  })

  test('one that the server does not take makes no record of the check', async () => {
    await engine.answerControl('un_number', '1203')
    over.line.up()
    await engine.sendNow()

    expect(engine.context.journal.acts.value.filter(({ kind }) => kind === 'record')).toEqual([])
    expect(engine.sending.value.unsent).toBe(0)
  })
})

test('a number that is typed for a code is told with the photo of the code', async () => {
  over.line.down()
  await STEPS[0]?.(engine)
  await engine.show('苏H90001', 'typed', 'vehicle', new Blob(['picture']))
  await engine.decide()

  const [photo, scan] = told().evidence.slice(1)
  expect(photo).toMatchObject({ type: 'photo', shows: 'code' })
  expect(scan).toMatchObject({ type: 'scan', typed: true, photo_sha256: photo?.sha256 })
})

test('what somebody else gave stays in that person’s name', async () => {
  const { loader, supervisor } = TRAINING_BADGES
  await engine.signOn(supervisor.badge, supervisor.pin)
  await engine.signOn(loader.badge, loader.pin)
  const session = engine.context.people.value.find(({ userId }) => userId === LOADER.user_id)?.session
  over.line.down()
  await STEPS[0]?.(engine)
  await engine.seePlate('tractor', { plate: '苏H·90001', colour: 'yellow' }, 'typed')
  engine.lock()
  await until(() => engine.stage.value === 'locked')
  await engine.unlock(SUPERVISOR.user_id, supervisor.pin)
  await engine.seePlate('trailer', { plate: '苏H·9001挂', colour: 'yellow' }, 'typed')
  await engine.decide()

  const [theirs, own] = told().evidence.filter(({ type }) => type === 'plate')
  expect(theirs).toMatchObject({ person: LOADER.user_id, own_session: session })
  expect(own).not.toHaveProperty('person')
})

describe('what was seen and could not be sent', () => {
  const sent = () => over.line.asked.filter((path) => path.startsWith('POST') && !path.includes('renewal')).map((path) => path.replace(/[0-9a-f-]{36}/, 'ID'))

  /** Open a check, see a plate and ask for the verdict, and send it so long afterwards. */
  async function later(minutes: number): Promise<readonly string[]> {
    await STEPS[0]?.(engine)
    over.line.down()
    await engine.seePlate('tractor', { plate: '苏H·90001', colour: 'yellow' }, 'typed')
    over.clock.now += minutes * MINUTE_MS
    const from = sent().length
    over.line.up()
    engine.context.online.value = true
    await engine.decide()
    return sent().slice(from).filter((path) => /plates|records|decision/.test(path))
  }

  test('within the hour goes as it is, and says when it was seen', async () => {
    const at = new Date(over.clock.now).toISOString()
    expect(await later(59)).toEqual(['POST /checks/ID/plates', 'POST /checks/ID/decision'])
    const act = engine.context.journal.acts.value.find(({ kind }) => kind === 'plate')
    expect(JSON.parse(act?.json ?? '{}')).toMatchObject({ unit: 'tractor', at: at.replace('.000', '') })
  })

  test('later goes with a record that says when it was, and the decision is asked for after it', async () => {
    const at = over.clock.now
    expect(await later(61)).toEqual(['POST /tablet/records', 'POST /checks/ID/decision'])
    expect(told().evidence.find(({ type }) => type === 'plate')?.at).toBe(new Date(at).toISOString().replace('.000', ''))
  })
})
