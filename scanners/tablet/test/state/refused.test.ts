/** What the server does not take: nothing is shown as done, nothing waits for ever, nothing comes back. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/state/engine'
import { TRAINING_BADGES } from '../../src/training/codes'
import { type Bench, bench, CODES, LOADING, refusal, signedOn, until, walk } from '../harness/tablets'

const PICTURE = new Blob([Uint8Array.of(255, 216, 255, 1, 2, 3)], { type: 'image/jpeg' })

let over: Bench
let engine: Engine
beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

/** Let the server refuse what goes to a path, as long as it is told to. */
function refuse(part: string, status = 409, code = 'state'): void {
  over.line.instead = (path) => (path.includes(part) ? refusal(status, code) : null)
}
const open = () => engine.open(CODES.waybill, 'camera')

describe('told while somebody waits', () => {
  test('an abort that is refused ends nothing', async () => {
    await open()
    refuse('/abort')
    await expect(engine.abort('left without loading')).rejects.toMatchObject({ code: 'state' })

    expect(engine.check.value?.phase).toBe('before_loading')
  })

  test('a loading record that is refused waits for no release', async () => {
    await walk(engine)
    refuse('/release', 422, 'invalid-field')
    await expect(engine.enterLoading(LOADING)).rejects.toMatchObject({ code: 'invalid-field' })

    expect(engine.check.value?.verdict?.word).toBe('cleared')
    expect(engine.check.value?.phase).toBe('after_loading')
  })

  test('an answer that is refused leaves the one before', async () => {
    await open()
    await engine.answer('helmet', 'yes')
    refuse('/answers')
    await expect(engine.answer('helmet', 'no')).rejects.toMatchObject({ code: 'state' })
    await expect(engine.answer('placards', 'yes')).rejects.toMatchObject({ code: 'state' })

    const given = (id: string) => engine.check.value?.questions.find((asked) => asked.id === id)?.answer
    expect([given('helmet'), given('placards')]).toEqual(['yes', null])
  })

  test('a code that is refused is not the last result', async () => {
    await open()
    refuse('/scans')
    await expect(engine.show(CODES.vehicle, 'camera', null)).rejects.toMatchObject({ code: 'state' })

    expect(engine.check.value?.last).toBeNull()
  })
})

test('a photo that comes after the decision goes with a record, and leaves the tablet', async () => {
  await open()
  refuse('/photos?')
  await engine.takePhoto('signs_rear', PICTURE)
  await engine.sendNow()

  expect(over.server.done).toContain('/tablet/records')
  expect(over.server.done.some((path) => path.startsWith('/tablet/photos/'))).toBe(true)
  expect(engine.sending.value.unsent).toBe(0)
  expect(await over.store.all('photos')).toEqual([])
})

test('a picture that the server never takes is not kept for ever', async () => {
  await open()
  over.line.instead = (path) => (path.includes('/photos') ? refusal(422, 'invalid-field') : null)
  await engine.takePhoto('signs_rear', PICTURE)
  await engine.sendNow()

  expect(engine.sending.value.unsent).toBe(0)
  expect(await over.store.all('photos')).toEqual([])
})

describe('a check that the server would not open, said when nobody waited any more', () => {
  beforeEach(async () => {
    over.line.down()
    await open()
    await engine.show(CODES.vehicle, 'camera', null)
    const told = { opened: false, read: { zh: '', en: '' }, problem: 'no-such-waybill', problem_words: { zh: '', en: '' }, check: null }
    over.line.instead = (path) => {
      if (path === 'POST /checks') return new Response(JSON.stringify(told), { status: 200 })
      if (path !== 'POST /tablet/records') return null
      const answer = { number: '', state: 'refused', check_id: null, server_verdict: null, case_id: null, message_zh: '', message_en: '' }
      return new Response(JSON.stringify(answer), { status: 201 })
    }
    over.line.up()
    await engine.sendNow()
  })

  test('goes as a record', () => {
    expect(over.line.asked).toContain('POST /tablet/records')
    expect(engine.sending.value.unsent).toBe(0)
  })

  test('and so does all that is done in it afterwards, its end too', async () => {
    await engine.show(CODES.driver, 'camera', null)
    await engine.abort('left without loading')
    await engine.sendNow()

    expect(engine.sending.value.unsent).toBe(0)
    expect(engine.checks.value[0]?.phase).toBe('over')
  })
})

test('letting an item pass is not done later, once it was said that it needs a network', async () => {
  const { badge, pin } = TRAINING_BADGES.supervisor
  await open()
  await engine.answer('helmet', 'no')
  over.line.cut = (path) => (path.includes('/overrides') ? 'before' : 'none')
  await expect(engine.letPass('helmet', 'worn by another', { badge, pin })).rejects.toMatchObject({ code: 'no-network' })
  over.line.up()
  await engine.sendNow()

  expect(engine.sending.value.unsent).toBe(0)
  expect(over.server.done.filter((path) => path.endsWith('/overrides'))).toEqual([])
})

test.each([403, 404, 407, 511])('what a proxy says in its own words is not the server’s: %i', async (status) => {
  await open()
  over.line.instead = (path) => (path.includes('/tablet') ? null : new Response('<html>Sign in to this network</html>', { status }))
  await engine.show(CODES.vehicle, 'camera', null)
  await engine.answer('helmet', 'yes')
  expect(engine.sending.value).toMatchObject({ online: false, unsent: 2 })

  over.line.instead = () => null
  await engine.sendNow()

  expect(engine.sending.value.unsent).toBe(0)
  expect(over.server.done.filter((path) => /scans|answers/.test(path))).toHaveLength(2)
  expect(over.server.done).not.toContain('/tablet/records')
})

test('a picture that a proxy finds too large holds nothing up', async () => {
  await open()
  over.line.instead = (path) => (path.includes('/photos') ? new Response('<html>Too large</html>', { status: 413 }) : null)
  await engine.takePhoto('signs_rear', PICTURE)
  await engine.show(CODES.vehicle, 'camera', null)
  await engine.sendNow()

  expect(engine.sending.value.unsent).toBe(0)
})

test('an answer that nobody here can read holds nothing up', async () => {
  await open()
  over.line.instead = (path) => (path.endsWith('/scans') ? new Response('{"steps":7}', { status: 201 }) : null)
  await engine.show(CODES.vehicle, 'camera', null)
  over.line.instead = () => null
  await engine.show(CODES.driver, 'camera', null)

  expect(engine.sending.value.unsent).toBe(0)
  expect(engine.check.value?.last?.judgedBy).toBe('server')
})

test('a release code that could not be fetched is fetched later', async () => {
  await walk(engine)
  await engine.answer('valves_closed', 'yes')
  await engine.answer('hoses_off', 'yes')
  over.line.cut = (path) => (path.includes('release-code') ? 'before' : 'none')
  await engine.enterLoading(LOADING)
  expect(engine.check.value?.releaseCode).toBeNull()

  over.line.up()
  over.clock.now += 60_000
  engine.tick()

  await until(() => engine.check.value?.releaseCode !== null)
})

test('an act that was discarded while it was on its way does not come back', async () => {
  const { journal } = engine.context
  await open()
  const [act] = journal.acts.value
  if (!act) throw new Error('nothing was done')
  await journal.change(() => ({ remove: { cases: [], acts: [act.seq] } }))
  await journal.change(() => ({ acts: [{ ...act, state: 'unsent' }] }))

  expect(await over.store.all('acts')).toHaveLength(0)
  expect(journal.unsent()).toEqual([])
  await until(() => engine.sending.value.unsent === 0)
})
