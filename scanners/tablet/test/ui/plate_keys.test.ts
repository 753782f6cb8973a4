import { describe, expect, test } from 'vitest'
import { CARD_KEYS, LETTERS, PROVINCES, complete, keysFor, mayFollow, pressPlate, tidyPlate } from '../../src/ui/kit/plate_keys'

const press = (keys: string): string => [...keys].reduce(pressPlate, '')

describe('the keys of plates', () => {
  test('are all thirty-one provinces, each once', () => {
    expect(new Set(PROVINCES).size).toBe(31)
  })

  test('leave out I and O, which a card number has', () => {
    expect(LETTERS).not.toContain('I')
    expect(LETTERS).not.toContain('O')
    expect(CARD_KEYS).toContain('O')
  })

  test('begin with a province and go on with letters', () => {
    expect(keysFor('')).toBe('province')
    expect(keysFor('苏')).toBe('letters')
    expect(mayFollow('', 'H')).toBe(false)
    expect(mayFollow('苏', '9')).toBe(false)
    expect(mayFollow('苏', 'H')).toBe(true)
  })
})

describe('a plate', () => {
  test.each(['苏H90001', '苏H9001挂', '沪AD12345', '粤Z1234港'])('%s can be pressed and is complete', (plate) => {
    expect(press(plate)).toBe(plate)
    expect(complete(plate)).toBe(true)
  })

  test('ends with its ending', () => {
    expect(press('苏H9001挂5')).toBe('苏H9001挂')
  })

  test('takes its ending in the seventh place only', () => {
    expect(press('苏H900挂')).toBe('苏H900')
    expect(press('苏H90001挂')).toBe('苏H90001')
  })

  test('is never longer than eight characters', () => {
    expect(press('沪AD123456')).toBe('沪AD12345')
  })

  test('that is too short is not complete', () => {
    expect(complete('苏H900')).toBe(false)
  })

  test.each([
    ['苏h·90001', '苏H90001'],
    [' 苏Ｈ９０００１ ', '苏H90001'],
    ['H90001', ''],
    ['苏HO0001', '苏H0001'],
  ])('typed as %s is read as %s', (typed, plate) => {
    expect(tidyPlate(typed)).toBe(plate)
  })
})
