/** What is done to a check elsewhere while it stands open here: it is never shown better than the server holds it. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/state/engine'
import { reasonsHere } from '../../src/state/local'
import { LOADER } from '../../src/training/trips'
import { type Bench, bench, CODES, LOADING, signedOn, STEPS, until, walk } from '../harness/tablets'

let over: Bench
let engine: Engine
beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

const atServer = () => [...over.server.checks.values()].at(-1)

/** A minute goes by. */
function aMinute(): void {
  over.clock.now += 60_000
  engine.tick()
}

test('that it was aborted is seen within a minute', async () => {
  await walk(engine)
  const held = atServer()
  if (held) held.status = 'aborted'
  aMinute()

  await until(() => engine.check.value?.phase === 'over')
  expect(engine.check.value?.verdict).toMatchObject({ word: 'refused', judgedBy: 'server' })
})

test('that it was ended is seen when something is refused for it', async () => {
  for (const step of STEPS.slice(0, -1)) await step(engine)
  const held = atServer()
  if (held) held.status = 'aborted'
  await expect(engine.decide()).rejects.toMatchObject({ code: 'state' })

  await until(() => engine.check.value?.phase === 'over')
})

test('a loading record of a check that was aborted meanwhile goes as a record, and waits for nobody', async () => {
  await walk(engine)
  over.line.down()
  await engine.enterLoading(LOADING)
  const held = atServer()
  if (held) held.status = 'aborted'
  over.line.up()
  await engine.sendNow()
  await until(() => engine.check.value?.phase === 'over')
  await engine.sendNow()

  expect(engine.sending.value.unsent).toBe(0)
  expect(engine.check.value?.verdict?.word).toBe('refused')
  expect(over.line.sent.some((body) => body.startsWith('{"record"'))).toBe(true)
})

test('what was seen elsewhere against it is seen within a minute', async () => {
  await engine.open(CODES.waybill, 'camera')
  await engine.seePerson('driver', true)
  const held = atServer()
  if (held) held.items = [...held.items, { type: 'presence', role: 'driver', reference: '', present: false, at: '' }]
  aMinute()

  await until(() => engine.check.value?.steps.find(({ kind }) => kind === 'driver')?.standing === 'failed')
})

test('a clearance that the server has forgotten, as after a restored backup, is none here either', async () => {
  await walk(engine)
  const held = atServer()
  if (held) held.status = 'open'
  aMinute()
  await until(() => engine.check.value?.verdict?.word === 'refused')
  expect(engine.check.value?.phase).toBe('before_loading')

  await engine.recheck()
  await engine.decide()
  expect(engine.check.value).toMatchObject({ phase: 'after_loading', verdict: { word: 'cleared', judgedBy: 'server' } })
})

describe('a waybill that its carrier cancels after the clearance', () => {
  beforeEach(async () => {
    await walk(engine)
    const held = atServer()
    if (held) held.cancelled = true
  })

  test('is cleared no more', async () => {
    aMinute()

    await until(() => engine.check.value?.verdict?.word === 'refused')
    expect(engine.check.value).toMatchObject({ phase: 'before_loading', verdict: { judgedBy: 'server' } })
    expect(engine.check.value?.verdict?.reasons[0]?.code).toBe('waybill-cancelled')
    await expect(engine.enterLoading(LOADING)).rejects.toMatchObject({ code: 'not-cleared' })
  })

  test('stays so, however often it is checked again', async () => {
    aMinute()
    await until(() => engine.check.value?.verdict?.word === 'refused')
    await engine.recheck()

    expect(engine.check.value?.phase).toBe('before_loading')
    expect(engine.check.value?.verdict?.word).not.toBe('cleared')
  })

  test('can still be aborted, so that it is said what is aboard', async () => {
    aMinute()
    await until(() => engine.check.value?.verdict?.word === 'refused')
    await engine.abort('the carrier has cancelled it')

    expect(atServer()?.status).toBe('aborted')
    expect(engine.sending.value.unsent).toBe(0)
  })

  test('is taken over by no other bay', async () => {
    const id = atServer()?.id ?? ''
    await expect(engine.takeOver(id)).rejects.toMatchObject({ code: 'not-under-way' })
  })
})

describe('without network, after the server has said no', () => {
  const driver = () => engine.check.value?.steps.find(({ kind }) => kind === 'driver')

  /** Walk up to the verdict, and hear that somebody saw at another tablet that the driver is gone. */
  async function walkAndHear(): Promise<void> {
    for (const step of STEPS.slice(0, -1)) await step(engine)
    const held = atServer()
    if (held) held.items = [...held.items, { type: 'presence', role: 'driver', reference: '', present: false, at: '' }]
    engine.resume(engine.check.value?.key ?? '')
    await until(() => driver()?.standing === 'failed')
    over.line.down()
  }

  test('this tablet does not clear what it cannot explain', async () => {
    await walkAndHear()
    await engine.decide()

    expect(engine.check.value?.verdict).toMatchObject({ word: 'not_proven', judgedBy: 'tablet' })
    expect(engine.check.value?.verdict?.reasons.map(({ code }) => code)).toEqual(['offline.server-said-no'])
  })

  test('nor when it is shown again', async () => {
    await walkAndHear()
    await engine.decide()
    await engine.recheck()
    await engine.show(CODES.driver, 'camera', null)
    await engine.seePerson('driver', true)
    await engine.decide()

    expect(engine.check.value?.verdict?.word).toBe('not_proven')
  })

  test('and shows the step as it was, whatever waits to be sent', async () => {
    await walkAndHear()
    await engine.answer('helmet', 'yes')

    expect(engine.check.value?.unsent).toBe(1)
    expect(driver()?.standing).toBe('failed')
    expect(engine.check.value?.wouldClear).toBe(false)
  })

  test('what was plain to see here too can be put right here', async () => {
    for (const step of STEPS.slice(0, -1)) await step(engine)
    await engine.answer('earthed', 'no')
    await engine.seePerson('escort', false)
    expect(engine.check.value?.wouldClear).toBe(false)
    over.line.down()
    await engine.answer('earthed', 'yes')
    await engine.seePerson('escort', true)
    await engine.decide()

    expect(engine.check.value?.verdict?.word).toBe('cleared')
  })

  test('once the server says yes again, it goes by that', async () => {
    await walkAndHear()
    over.line.up()
    await engine.seePerson('driver', true)
    expect(driver()?.standing).toBe('passed')
    over.line.down()
    await engine.decide()

    expect(engine.check.value?.verdict?.word).toBe('cleared')
  })
})

test('what was seen grows old after a refusal, also after one at another tablet', async () => {
  for (const step of STEPS.slice(0, -1)) await step(engine)
  const key = engine.check.value?.key ?? ''
  const held = engine.context.journal.case(key)
  const bundle = engine.context.kept.value?.bundle
  if (!held?.server || !bundle) throw new Error('nothing is known')
  const codes = (status: string, minutes: number) => {
    const summary = { ...held.server?.summary, status, decided_at: new Date(over.clock.now).toISOString() }
    const known = { ...held, server: { ...held.server, summary } } as typeof held
    const at = new Date(over.clock.now + minutes * 60_000)
    return reasonsHere(known, engine.context.journal.of(key), { bundle, at, person: LOADER.user_id, clockIsBack: false }).map(({ code }) => code)
  }

  expect(codes('refused', 59)).toEqual([])
  expect(codes('refused', 61)).toContain('plate-missing')
  expect(codes('open', 61)).toEqual([])
})

test('what is said to a question is the server’s word once it has it', async () => {
  const helmet = () => engine.check.value?.questions.find(({ id }) => id === 'helmet')?.answer
  await engine.open(CODES.waybill, 'camera')
  await engine.answer('helmet', 'yes')
  atServer()?.answers.set('helmet', 'no')
  aMinute()
  await until(() => helmet() === 'no')
  // Seen so long ago that it counts no more.
  atServer()?.answers.delete('helmet')
  aMinute()
  await until(() => helmet() === null)

  over.line.down()
  await engine.answer('helmet', 'yes')
  expect(helmet()).toBe('yes')
})

test('after a record the steps are those of the server again', async () => {
  await engine.open(CODES.waybill, 'camera')
  over.line.down()
  await engine.show(CODES.vehicle, 'camera', null)
  await engine.seePerson('driver', true)
  await engine.decide()
  over.line.up()
  await engine.sendNow()
  await until(() => engine.sending.value.unsent === 0)
  const held = atServer()
  if (held) held.items = [...held.items, { type: 'presence', role: 'driver', reference: '', present: false, at: '' }]
  aMinute()

  await until(() => engine.check.value?.steps.find(({ kind }) => kind === 'driver')?.standing === 'failed')
  expect(engine.check.value?.offline).toBe(false)
})
