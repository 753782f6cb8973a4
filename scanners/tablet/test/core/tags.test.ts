/** Presence tags by the vectors that Python reads too. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { tagIdOf } from '../../src/core/tags'

const FILE = new URL('../../../../tests/vectors/tablet/presence_tags.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as { cases: { name: string; text: string; id: string | null }[] }

test.each(cases)('$name', ({ text, id }) => {
  expect(tagIdOf(text)).toBe(id)
})
