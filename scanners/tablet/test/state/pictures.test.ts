/** Pictures in which this tablet finds nothing are read by the server, in the person's name. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeEngine, type Engine } from '../../src/state/engine'
import { TRAINING_BADGES } from '../../src/training/codes'
import { BAY } from '../../src/training/trips'
import { bench } from '../harness/tablets'

const PICTURE = new Blob([Uint8Array.of(255, 216, 255)], { type: 'image/jpeg' })

let engine: Engine
let sent: RequestInit[]
let connected: boolean

beforeEach(async () => {
  const over = bench()
  sent = []
  connected = true
  const fetch: typeof over.line.fetch = async (address, options) => {
    if (!address.endsWith('/pictures')) return over.line.fetch(address, options)
    sent.push(options)
    return new Response(JSON.stringify({ texts: ['TNK-1'], readings: [] }))
  }
  engine = await makeEngine({ ...over.outside, fetch, connected: () => connected })
  await engine.enrol('ABCD-EFGH')
  await engine.chooseBay(BAY.id)
  await engine.signOn(TRAINING_BADGES.loader.badge, TRAINING_BADGES.loader.pin)
})
afterEach(() => engine.stop())

test('the server says what it read', async () => {
  expect(await engine.readPicture(PICTURE)).toEqual(['TNK-1'])

  const [{ body, headers }] = sent as [RequestInit]
  expect((body as FormData).get('picture')).toBeInstanceOf(Blob)
  expect(new Headers(headers).get('Authorization')).toMatch(/^Bearer training-/)
})

test('without a network nobody is asked', async () => {
  connected = false

  expect(await engine.readPicture(PICTURE)).toEqual([])
  expect(sent).toEqual([])
})
