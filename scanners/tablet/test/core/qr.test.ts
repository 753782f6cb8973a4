/** The vectors that Python reads too: every text has the same outcome here. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { toBase64Url, utf8 } from '../../src/core/bytes'
import { decodeDigits, encodeDigits } from '../../src/core/digits'
import { openEnvelope } from '../../src/core/envelope'
import { canonical, type Json, parseStrict } from '../../src/core/json'
import { type Jwk, readKeys } from '../../src/core/keys'
import { QrProblem } from '../../src/core/problem'
import { verifyQr } from '../../src/core/verify'

interface Case {
  readonly name: string
  readonly text: string
  readonly outcome: string
  readonly claims?: Json
}

const vectors = JSON.parse(readFileSync(new URL('../../../../tests/vectors/qr.json', import.meta.url), 'utf8')) as {
  judged_at_unix_s: number
  trusted_keys: { keys: Jwk[] }
  cases: Case[]
}
const keys = await readKeys(vectors.trusted_keys)

test('there are vectors', () => {
  expect(vectors.cases.length).toBeGreaterThan(20)
})

test.each(vectors.cases.map((each) => [each.name, each] as const))('%s', async (_, { text, outcome, claims }) => {
  const found = await verifyQr(text, keys, vectors.judged_at_unix_s, null).then(
    () => 'accepted',
    (problem: unknown) => (problem as QrProblem).code,
  )

  expect(found).toBe(outcome === 'wrong-kind' ? 'accepted' : outcome)
  if (outcome === 'accepted') {
    const { claims: bytes } = await openEnvelope(text)
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(claims)
  }
})

test('a card where a waybill is expected is refused as another kind', async () => {
  const card = vectors.cases.find((each) => each.outcome === 'wrong-kind')
  if (card) await expect(verifyQr(card.text, keys, vectors.judged_at_unix_s)).rejects.toMatchObject({ code: 'wrong-kind' })
})

test('a revoked key is believed until it was revoked and not after', async () => {
  const good = vectors.cases.find((each) => each.outcome === 'accepted')?.text ?? ''
  const at = vectors.judged_at_unix_s
  const revoked = await readKeys(vectors.trusted_keys, new Map([['kc48a0', at]]))

  await expect(verifyQr(good, revoked, at)).rejects.toMatchObject({ code: 'key-revoked' })
  await expect(verifyQr(good, revoked, at - 1)).resolves.toMatchObject({ kind: 'waybill' })
})

test('any bytes survive their digits', () => {
  for (let length = 1; length <= 30; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 37 + length) % 256)

    expect(decodeDigits(encodeDigits(bytes))).toEqual(bytes)
  }
})

test.each([
  ['a duplicate key', '{"a":1,"a":1}'],
  ['a duplicate key, spelled otherwise', String.raw`{"a":1,"\u0061":2}`],
  ['a fraction', '{"a":1.0}'],
  ['an exponent', '{"a":1e3}'],
  ['NaN', '{"a":NaN}'],
  ['a leading zero', '{"a":01}'],
  ['a trailing comma', '{"a":1,}'],
  ['something left over', '{"a":1} x'],
  ['too deep', '[[[[[1]]]]]'],
  ['half a surrogate pair', String.raw`{"a":"\ud800"}`],
  ['a line break in a string', '{"a":"\n"}'],
  ['a byte order mark', '\ufeff{}'],
  ['nothing', ''],
  ['an open string', '{"a'],
  ['twenty digits', '{"a":12345678901234567890}'],
])('strict JSON refuses %s', (_, text) => {
  expect(() => parseStrict(utf8(text), 4)).toThrow()
})

test.each(['{}', '[]', '{"a":[1,-2,"\\u00e9",null,true,{"b":{}}]}', ' { "a" : "x" } '])('strict JSON reads %s as JSON does', (text) => {
  expect(parseStrict(utf8(text), 4)).toEqual(JSON.parse(text))
})

test('canonical JSON sorts by code point, as Python does', () => {
  expect(canonical({ '\u{1f600}': 1, '\uffee': 2, b: [1, { d: 1, c: null }], a: 'é' })).toBe(
    '{"a":"é","b":[1,{"c":null,"d":1}],"\uffee":2,"\u{1f600}":1}',
  )
})

test('base64url has no padding', () => {
  expect(toBase64Url(Uint8Array.of(251, 255, 190, 1))).toBe('-_--AQ')
})
