import { describe, expect, test } from 'vitest'
import { drawable, lineWidth } from '../../src/ui/drawing/figures'
import { spaced } from '../../src/ui/drawing/number_plate'
import { qrPath } from '../../src/ui/drawing/qr'
import { placardOf, stripes } from '../../src/ui/drawing/signs'

describe('figures of plates', () => {
  test('stand 20 apart and are 60 wide, as the regulation has them', () => {
    expect(lineWidth('1203')).toBe(4 * 60 + 3 * 20)
    expect(lineWidth('')).toBe(0)
  })

  test('are drawn or the plate stays plain', () => {
    expect(drawable('X423')).toBe(true)
    expect(drawable('33?')).toBe(false)
  })
})

describe('a placard', () => {
  test.each([
    ['3', { key: '3', division: '' }],
    ['6.1', { key: '6.1', division: '' }],
    ['1.1D', { key: '1', division: '1.1D' }],
    ['1.4S', { key: '1.4', division: '1.4S' }],
    ['7X', { key: '7', division: '' }],
    ['10', null],
  ])('of label %s is found', (label, found) => {
    expect(placardOf(label)).toEqual(found)
  })

  test('of flammable solids is striped to its foot, of class 9 to its middle', () => {
    const lowest = (path: string): number => Math.max(...[...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y)))
    expect(lowest(stripes(true))).toBe(394)
    expect(lowest(stripes(false))).toBe(200)
  })
})

describe('a release code', () => {
  const digits = '10203040506070809'.repeat(20)

  test('is smaller than one whose digits are bytes', () => {
    expect(qrPath(`https://waybill.example/q#${digits}`).side).toBeLessThan(qrPath(`https://waybill.example/q#${digits.replaceAll('0', 'o')}`).side)
  })

  test('keeps four modules quiet on each side', () => {
    const { side, path } = qrPath('12345')
    const lefts = [...path.matchAll(/M(\d+) (\d+)/g)].map(([, x, y]) => [Number(x), Number(y)])
    expect(Math.min(...lefts.flat())).toBe(4)
    expect(side).toBe(21 + 8)
  })
})

test('a plate is written with a dot behind province and letter', () => {
  expect(spaced('苏H90001')).toBe('苏H·90001')
  expect(spaced('')).toBe('')
})
