/** A bay session that is over: what was done in it waits for whoever did it, and nothing is told twice. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/state/engine'
import { TRAINING_BADGES } from '../../src/training/codes'
import { OTHER_BAY } from '../../src/training/trips'
import { type Bench, bench, CODES, LOADING, signedOn, STEPS, walk } from '../harness/tablets'

const { loader, supervisor } = TRAINING_BADGES

let over: Bench
let engine: Engine
beforeEach(async () => {
  over = bench()
  engine = await signedOn(over)
})
afterEach(() => engine.stop())

const records = () => engine.context.journal.acts.value.filter(({ kind }) => kind === 'record')
const unsent = () => engine.context.journal.unsent().map(({ kind }) => kind)

/** Every session that there is has ended at the server. */
function endSessions(): void {
  for (const person of engine.context.people.value) {
    over.server.over.add(person.session)
    engine.context.tokens.drop(person.session)
  }
}

async function flushed(times: number): Promise<void> {
  for (let nth = 0; nth < times; nth += 1) await engine.sendNow()
}

describe('after the clearance', () => {
  beforeEach(async () => {
    await walk(engine)
    await engine.answer('valves_closed', 'yes')
    await engine.answer('hoses_off', 'yes')
    over.line.down()
  })

  test('a loading record makes no record of the check, however often it is tried', async () => {
    await engine.enterLoading(LOADING)
    over.line.up()
    endSessions()
    await flushed(3)

    expect(records()).toHaveLength(0)
    expect(unsent()).toEqual(['release'])
    expect(engine.sending.value.items[0]?.problem?.en).toContain('signs on again')
  })

  test('it is sent once whoever entered it signs on again', async () => {
    await engine.enterLoading(LOADING)
    over.line.up()
    endSessions()
    await flushed(1)

    await engine.signOn(loader.badge, loader.pin)
    await flushed(1)

    expect(engine.check.value?.verdict?.word).toBe('released')
    expect(engine.sending.value.unsent).toBe(0)
  })

  test('another person enters it anew, and it is that person’s', async () => {
    await engine.enterLoading(LOADING)
    over.line.up()
    endSessions()
    await flushed(1)

    await engine.signOn(supervisor.badge, supervisor.pin)
    await engine.enterLoading(LOADING)

    expect(engine.check.value?.verdict?.word).toBe('released')
    expect(engine.sending.value.unsent).toBe(0)
  })

  test('an arrival at a bay is said anew by another person', async () => {
    await engine.chooseBay(OTHER_BAY.id)
    await engine.arriveHere(['engine_off', 'earthed'])
    over.line.up()
    endSessions()
    await flushed(1)
    expect(engine.check.value?.bays?.arrival).toBe('needed')

    await engine.signOn(supervisor.badge, supervisor.pin)
    await engine.arriveHere(['engine_off', 'earthed'])

    expect(engine.check.value?.bays?.arrival).toBe('here')
    expect(engine.sending.value.unsent).toBe(0)
  })
})

test('a second person whose earlier session is over acts in the one just opened', async () => {
  await engine.signOn(supervisor.badge, supervisor.pin)
  const earlier = engine.context.people.value.find(({ userId }) => userId === engine.person.value?.userId)
  await engine.signOn(loader.badge, loader.pin)
  await engine.open(CODES.waybill, 'camera')
  await engine.answer('helmet', 'no')
  over.server.over.add(earlier?.session ?? '')

  await engine.letPass('helmet', 'worn by another', supervisor)

  expect(over.server.done.filter((path) => path.endsWith('/overrides'))).toHaveLength(2)
  expect(engine.sending.value.unsent).toBe(0)
})

test('a tag, a control answer and a photo go with one record, and no more are made', async () => {
  await engine.open(CODES.waybill, 'camera')
  over.line.down()
  await engine.answerControl('un_number', '1203')
  await engine.show('WBP1.AGRBV6MENNZMLHOR6HPY3VHNT4JIXBF5NEWLAZGNP5', 'camera', null)
  await engine.takePhoto('signs_rear', new Blob([Uint8Array.of(255, 216, 255)]))
  over.line.up()
  endSessions()
  await flushed(3)

  expect(records()).toHaveLength(1)
  expect(engine.sending.value.unsent).toBe(0)
})

test('what was begun before goes on in the name of whoever signed on again', async () => {
  over.line.down()
  for (const step of STEPS.slice(0, 3)) await step(engine)
  over.line.up()
  endSessions()
  await engine.signOn(loader.badge, loader.pin)
  await flushed(1)

  expect(records()).toHaveLength(0)
  expect(over.server.done.filter((path) => path.endsWith('/scans'))).toHaveLength(2)
})
