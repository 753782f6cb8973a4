import { describe, expect, test } from 'vitest'
import { type PadKey, entered, fits, pressNumber, pressPin } from '../../src/ui/kit/pad'

const kg = { whole: 6, places: 3, signed: false }
const celsius = { whole: 3, places: 1, signed: true }
const press = (keys: string, shape = kg): string => [...keys].reduce((text, key) => pressNumber(text, key as PadKey, shape), '')

describe('a PIN', () => {
  test('takes six digits and no seventh', () => {
    expect([...'12345678'].reduce((pin, key) => pressPin(pin, key as PadKey), '')).toBe('123456')
  })

  test('is erased digit by digit and cleared at once', () => {
    expect(pressPin('123', 'erase')).toBe('12')
    expect(pressPin('123', 'clear')).toBe('')
    expect(pressPin('', 'erase')).toBe('')
  })

  test('takes neither point nor sign', () => {
    expect(pressPin('12', '.')).toBe('12')
    expect(pressPin('12', '-')).toBe('12')
  })
})

describe('a figure', () => {
  test.each([
    ['28500', '28500'],
    ['0028', '28'],
    ['1234567', '123456'],
    ['28.5', '28.5'],
    ['.5', '0.5'],
    ['1.2.3', '1.23'],
    ['1.23456', '1.234'],
    ['0.0', '0.0'],
  ])('pressed as %s reads %s', (keys, text) => {
    expect(press(keys)).toBe(text)
  })

  test('has a sign only where cold is possible', () => {
    expect(press('12-', celsius)).toBe('-12')
    expect(press('12--', celsius)).toBe('12')
    expect(press('12-')).toBe('12')
  })

  test('without places takes no point', () => {
    expect(press('41.5', { whole: 6, places: 0, signed: false })).toBe('415')
  })

  test('loses its sign with its last digit', () => {
    expect(pressNumber('-', 'erase', celsius)).toBe('')
    expect(pressNumber('-4', 'erase', celsius)).toBe('-')
  })

  test.each(['1e3', '１２', '1,000', '+1', ' 1', '01'])('that is typed as %s is not taken', (typed) => {
    expect(fits(typed, kg)).toBeNull()
  })

  test('is handed over without a point that nothing follows', () => {
    expect(entered('28.')).toBe('28')
    expect(entered('')).toBeNull()
    expect(entered('-')).toBeNull()
  })
})
