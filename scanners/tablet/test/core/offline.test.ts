/** The offline decision by the vectors that Python reads too. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Item } from '../../src/core/evidence'
import type { ExpectedArrival, ExpectedBundle } from '../../src/core/expected'
import { decideOffline } from '../../src/core/offline'

interface Case {
  readonly name: string
  readonly arrival: ExpectedArrival | null
  readonly bundle: ExpectedBundle
  readonly items: readonly Item[]
  readonly at: string
  readonly person: string
  readonly refused_at: string | null
  readonly expect: { readonly decision: string; readonly reasons: readonly string[] }
}

const FILE = new URL('../../../../tests/vectors/tablet/equality.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as { cases: Case[] }

test('there are vectors', () => {
  expect(cases.length).toBeGreaterThan(30)
})

test.each(cases.map((each) => [each.name, each] as const))('%s', (_, { arrival, bundle, items, at, person, refused_at, expect: wanted }) => {
  const refusedAt = refused_at === null ? null : new Date(refused_at)
  expect(decideOffline(arrival, bundle, items, new Date(at), person, refusedAt)).toEqual(wanted)
})
