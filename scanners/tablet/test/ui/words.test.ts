import { describe, expect, test } from 'vitest'
import type { Words } from '../../src/state/model'
import { tidyCode } from '../../src/ui/screens/enrol'
import { matches } from '../../src/ui/screens/arrivals'
import { age, amount, clockTime, dateTime, size } from '../../src/ui/times'
import { base } from '../../src/ui/fixture/check'

const catalogues = import.meta.glob<Record<string, Record<string, unknown>>>('../../src/ui/words/*.ts', { eager: true })
const said = Object.values(catalogues).flatMap((module) =>
  Object.values(module).flatMap((catalogue) => Object.entries(catalogue)),
)

describe('the words', () => {
  test('are there', () => {
    expect(said.length).toBeGreaterThan(200)
  })

  test.each(said.filter(([, words]) => typeof words === 'object') as [string, Words][])('%s are Chinese and English', (_, { zh, en }) => {
    expect(zh).not.toBe('')
    expect(en).not.toBe('')
    // Only the name of a language stands in its own language.
    if (en !== '中文') expect(en).not.toMatch(/[\u4e00-\u9fff，。；：？！]/)
  })
})

describe('times', () => {
  const now = Date.UTC(2026, 10, 22, 16, 30)

  test('are those of Shanghai, in 24 hours', () => {
    expect(clockTime(now)).toBe('00:30')
    expect(dateTime(now)).toBe('2026-11-23 00:30')
  })

  test.each([
    [null, 'never'], [now - 59_000, 'just now'], [now - 60_000, '1 min ago'], [now - 3_600_000, '1 h ago'],
    [now - 47 * 3_600_000, '47 h ago'], [now - 48 * 3_600_000, '2 days ago'],
  ])('since %s are said as "%s"', (since, words) => {
    expect(age(since, now).en).toBe(words)
  })
})

test('amounts are grouped and never rounded', () => {
  expect(amount('28500', 'kg')).toBe('28,500 kg')
  expect(amount('1234567.125', 'L')).toBe('1,234,567.125 L')
  expect(amount('28500.000', 'kg')).toBe('28,500 kg')
  expect(amount('0.50', 'kg')).toBe('0.5 kg')
})

test('sizes are said in megabytes and gigabytes', () => {
  expect([size(3_240_000), size(480_000_000), size(2_500_000_000)]).toEqual(['3.2 MB', '480 MB', '2.5 GB'])
})

test('a one-time code is written as it is read out', () => {
  expect(tidyCode('abcd efgh9')).toBe('ABCD-EFGH')
  expect(tidyCode('ABC')).toBe('ABC')
})

test('an arrival is found by plate, number, carrier and goods', () => {
  const arrival = {
    waybillId: '1', number: base.number, tractor: base.tractor, trailer: null, goods: base.goods, carrier: '淮安安运',
    expectedAt: null, status: 'issued', readiness: 'passed', reasons: [], checkKey: null, underWay: null,
  } as const
  expect(['苏h·90001', '0017', '安运', 'un1203', '汽油'].every((looked) => matches(arrival, looked))).toBe(true)
  expect(matches(arrival, '苏H90002')).toBe(false)
})
