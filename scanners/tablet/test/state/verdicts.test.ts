/** A verdict is the server's only where the server said so. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toBase64Url, utf8 } from '../../src/core/bytes'
import { afterAnswer } from '../../src/state/answers'
import type { Engine } from '../../src/state/engine'
import type { Verdict } from '../../src/state/model'
import { type Bench, bench, CODES, signedOn, STEPS, until, walk } from '../harness/tablets'

let over: Bench
let engine: Engine
beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

const checks = () => [...over.server.checks.values()].map(({ status }) => status)

describe('a record that was taken', () => {
  const cleared: Verdict = { word: 'cleared', at: 0, judgedBy: 'tablet', reasons: [] }
  const taken = { number: 'T-1', state: 'accepted', check_id: null, case_id: null, message_zh: '', message_en: '' } as const

  /** The verdict of a check that this tablet cleared, after a record of such a decision was taken. */
  async function after(decision: string | null): Promise<Verdict | null | undefined> {
    over.line.down()
    await walk(engine)
    const [held] = engine.context.journal.cases.value.values()
    const act = engine.context.journal.acts.value.find(({ kind }) => kind === 'record')
    if (!held || !act) throw new Error('nothing was recorded')
    const json = JSON.stringify({ record: `.${toBase64Url(utf8(JSON.stringify({ decision })))}.` })
    return afterAnswer({ ...held, verdict: cleared }, { ...act, json }, taken, 0).verdict
  }

  test('makes its verdict the server’s', async () => {
    expect(await after('cleared')).toEqual({ ...cleared, judgedBy: 'server' })
  })

  test.each([null, 'not_proven', 'refused'])('makes none the server’s that it does not decide: %s', async (decision) => {
    expect(await after(decision)).toEqual(cleared)
  })
})

describe('a decision whose answer was lost', () => {
  beforeEach(async () => {
    for (const step of STEPS.slice(0, -1)) await step(engine)
    over.line.cut = (path) => (path.includes('/decision') ? 'after' : 'none')
    await engine.decide()
    over.line.down()
    await engine.recheck()
  })

  test('does not clear what somebody said no to since', async () => {
    await engine.answer('earthed', 'no')
    over.line.up()
    await engine.sendNow()
    await until(() => engine.sending.value.unsent === 0)

    expect(checks()).toEqual(['cleared'])
    expect(engine.check.value).toMatchObject({ phase: 'before_loading', verdict: { word: 'refused', judgedBy: 'tablet' } })
  })

  test('nor what this tablet has refused since', async () => {
    await engine.answer('earthed', 'no')
    await engine.decide()
    over.line.up()
    await engine.sendNow()
    await until(() => engine.sending.value.unsent === 0)

    expect(engine.check.value).toMatchObject({ phase: 'before_loading', verdict: { word: 'refused' } })
  })

  test('clears it otherwise', async () => {
    over.line.up()
    await engine.sendNow()

    expect(engine.check.value?.verdict).toMatchObject({ word: 'cleared', judgedBy: 'server' })
  })
})

test('a check that was aborted elsewhere is cleared here no more', async () => {
  await walk(engine)
  const [held] = over.server.checks.values()
  if (held) held.status = 'aborted'
  engine.resume(engine.check.value?.key ?? '')
  await until(() => engine.check.value?.phase === 'over')

  expect(engine.check.value?.verdict).toMatchObject({ word: 'refused', judgedBy: 'server' })
  expect(engine.check.value?.verdict?.reasons[0]?.title.zh).toBe('查验已中止')
})

describe('a clearance of this tablet that the server contradicts', () => {
  test('is no load to be entered, wherever the check is taken up again', async () => {
    over.line.down()
    await walk(engine)
    over.server.differs = true
    over.line.up()
    await engine.sendNow()

    expect(engine.check.value).toMatchObject({ phase: 'before_loading', verdict: { word: 'refused', judgedBy: 'server' } })
  })
})

test('a photo asks once how the check stands, however many there are', async () => {
  await engine.open(CODES.waybill, 'camera')
  over.line.cut = (path) => (path.includes('/photos') ? 'before' : 'none')
  for (const shows of ['signs_rear', 'signs_left', 'signs_right', 'valve_box']) {
    await engine.takePhoto(shows, new Blob([new TextEncoder().encode(shows)]))
  }
  const asked = over.line.asked.length
  over.line.up()
  await engine.sendNow()

  const paths = over.line.asked.slice(asked)
  expect(paths.filter((path) => path.includes('/photos'))).toHaveLength(4)
  expect(paths.filter((path) => /^GET \/checks\//.test(path))).toHaveLength(1)
})

test.each([
  [8 * 60, 'cleared'],
  [8 * 60 + 1, 'not_proven'],
])('a check is decided without network within eight hours: after %i minutes it is %s', async (minutes, word) => {
  for (const step of STEPS.slice(0, -1)) await step(engine)
  over.line.down()
  over.clock.now += minutes * 60_000
  await engine.decide()

  expect(engine.check.value?.verdict?.word).toBe(word)
})
