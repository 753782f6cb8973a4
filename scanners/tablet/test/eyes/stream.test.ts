import { describe, expect, test } from 'vitest'

import { abilities, problemOf } from '../../src/eyes/stream'

test.each([
  ['NotAllowedError', 'denied'],
  ['SecurityError', 'denied'],
  ['NotFoundError', 'none'],
  ['OverconstrainedError', 'none'],
  ['NotReadableError', 'in_use'],
  ['AbortError', 'in_use'],
  ['TypeError', 'failed'],
])('%s is the word %s', (name, word) => {
  expect(problemOf(Object.assign(new Error('in whatever words'), { name }))).toBe(word)
})

test('what is no error at all is a failure too', () => {
  expect([problemOf(null), problemOf(undefined), problemOf('gone')]).toEqual([
    'failed', 'failed', 'failed',
  ])
})

function track(can: object, set: object = {}): MediaStreamTrack {
  return { getCapabilities: () => can, getSettings: () => set } as unknown as MediaStreamTrack
}

describe('what a camera can', () => {
  test.each([
    ['neither light nor zoom', track({}), { torch: 'none', zoom: null }],
    ['light that is off', track({ torch: true }), { torch: 'off', zoom: null }],
    ['light that is on', track({ torch: true }, { torch: true }), { torch: 'on', zoom: null }],
    [
      'zoom',
      track({ zoom: { min: 1, max: 8, step: 0.5 } }, { zoom: 2 }),
      { torch: 'none', zoom: { min: 1, max: 8, step: 0.5, now: 2 } },
    ],
    ['a zoom without a way', track({ zoom: { min: 1, max: 1 } }), { torch: 'none', zoom: null }],
    [
      'a zoom that says no step',
      track({ zoom: { min: 1, max: 4 } }),
      { torch: 'none', zoom: { min: 1, max: 4, step: 0.1, now: 1 } },
    ],
  ])('is %s', (_, given, told) => {
    expect(abilities(given)).toEqual(told)
  })

  test('is not known where the browser does not say', () => {
    const silent = { getSettings: () => ({}) } as unknown as MediaStreamTrack

    expect(abilities(silent)).toEqual({ torch: 'none', zoom: null })
  })

  test('is nothing where there is none', () => {
    expect(abilities(null)).toEqual({ torch: 'none', zoom: null })
  })
})
