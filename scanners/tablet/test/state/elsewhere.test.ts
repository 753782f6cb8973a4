/** What is done to a check elsewhere while it stands open here: it is never shown better than the server holds it. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/state/engine'
import { type Bench, bench, CODES, LOADING, signedOn, until, walk } from '../harness/tablets'

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

test('what was seen elsewhere against it is seen within a minute', async () => {
  await engine.open(CODES.waybill, 'camera')
  await engine.seePerson('driver', true)
  const held = atServer()
  if (held) held.items = [...held.items, { type: 'presence', role: 'driver', reference: '', present: false, at: '' }]
  aMinute()

  await until(() => engine.check.value?.steps.find(({ kind }) => kind === 'driver')?.standing === 'failed')
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
