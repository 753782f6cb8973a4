import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { listenToWedge } from '../../src/eyes/wedge'
import { FakeField, FakePage } from './typing'

const CODE = 'https://waybill.example/q#00123456789'

let [page, read]: [FakePage, string[]] = [new FakePage(), []]
let end: () => void

beforeEach(() => {
  vi.useFakeTimers()
  ;[page, read] = [new FakePage(), []]
  end = listenToWedge(page, ({ text, format, through }) => {
    expect([format, through]).toEqual(['', 'wedge'])
    read.push(text)
  })
})

afterEach(() => {
  end()
  vi.useRealTimers()
})

function enter(after = 10): boolean {
  return page.press({ key: 'Enter', code: 'Enter' }, after)
}

function scan(text: string): void {
  page.type(text)
  enter()
  page.pass(100)
}

describe('a scanner', () => {
  test('is heard wherever the focus is, and its Enter presses nothing', () => {
    page.type(CODE)

    expect(enter()).toBe(false)
    page.pass(100)
    expect(read).toEqual([CODE])
  })

  test('may end with Tab, which then moves no focus', () => {
    page.type(CODE)

    expect(page.press({ key: 'Tab', code: 'Tab' })).toBe(false)
    page.pass(100)
    expect(read).toEqual([CODE])
  })

  test('in a field where people and scanners type alike is a keyboard: its Enter hands the field over', () => {
    const field = new FakeField('', { typed: '' })
    page.focus = field
    page.type('ABCDEFGH')

    expect(enter()).toBe(true)
    page.pass(100)
    expect(field.value).toBe('ABCDEFGH')
    expect(read).toEqual([])
  })

  test('that types into a field leaves there what stood in it', () => {
    const field = new FakeField('苏H1')
    const heard: string[] = []
    field.addEventListener('input', () => heard.push(field.value))
    page.focus = field

    scan(CODE)

    expect(read).toEqual([CODE])
    expect(field.value).toBe('苏H1')
    expect(heard).toEqual(['苏H1'])
  })

  test('is told from the typing just before it', () => {
    const field = new FakeField()
    page.focus = field
    page.type('12', 180)
    page.pass(200)

    scan(CODE)

    expect([read, field.value]).toEqual([[CODE], '12'])
  })

  test('is heard at the slow pace of radio', () => {
    page.type(CODE, 39)
    enter(90)
    page.pass(100)

    expect(read).toEqual([CODE])
  })

  test('that writes two ends, as CR and LF, reads one code and presses nothing', () => {
    page.type(CODE)

    expect([enter(), enter()]).toEqual([false, false])
    page.pass(100)
    expect(read).toEqual([CODE])
  })

  test.each([CODE, 'WBB1.abcdef', 'WBP1.abcdef'])('that reads one of our codes is heard with its last key: %s', (code) => {
    page.type(code)
    enter()

    expect(read).toEqual([code])
    expect(enter()).toBe(false)
    page.pass(100)
    expect(read).toEqual([code])
  })

  test('ends with Ctrl+J, which opens nothing', () => {
    page.type(CODE)

    expect(page.press({ key: 'j', code: 'KeyJ', ctrlKey: true })).toBe(false)
    page.pass(100)
    expect(read).toEqual([CODE])
  })

  test('keeps the lines of a code together', () => {
    page.type('UN1203 II')
    enter()
    page.type('33')
    enter()
    page.pass(100)

    expect(read).toEqual(['UN1203 II\n33'])
  })

  test('may scan two codes right after each other', () => {
    scan('WBB1.abcdef')
    scan('T-20240317-09')

    expect(read).toEqual(['WBB1.abcdef', 'T-20240317-09'])
  })
})

describe('what the tablet makes of the keys', () => {
  test('an input method that hides the letters does not hide the places', () => {
    const field = new FakeField('before')
    page.focus = field
    const places = [
      'KeyW', 'KeyB', 'KeyB', 'Digit1', 'Period', 'KeyA', 'Slash', 'Semicolon', 'Minus', 'Digit3',
    ]
    for (const [index, code] of places.entries()) {
      page.press({ key: 'Process', code, shiftKey: index < 3 || index === 7 || index === 9 })
      field.value = `before${'w'.repeat(index)}`
    }
    page.press({ key: 'Process', code: 'Enter' })
    field.value = 'before我不把1。啊'
    field.dispatchEvent(new Event('compositionend'))
    page.pass(100)

    expect(read).toEqual(['WBB1.a/:-#'])
    expect(field.value).toBe('before')
  })

  test('full-width digits and signs are plain ones', () => {
    scan('ｈｔｔｐｓ：／／ｗ．ｅｘａｍｐｌｅ／ｑ＃００１２３')

    expect(read).toEqual(['https://w.example/q#00123'])
  })

  test.each([
    ['HTTPS://WAYBILL.EXAMPLE/Q#0012', 'https://waybill.example/q#0012'],
    ['wbb1.aBC9', 'WBB1.Abc9'],
    [']q1HTTPS://W.EXAMPLE/Q#0012', 'https://w.example/q#0012'],
    ['T-2024ABC', 'T-2024ABC'],
  ])('Caps Lock is undone where the cases are known: %s', (typed, meant) => {
    scan(typed)

    expect(read).toEqual([meant])
  })

  test.each([
    ['Ctrl+]', { key: ']', code: 'BracketRight', ctrlKey: true }],
    ['Ctrl+] behind an input method', { key: 'Process', code: 'BracketRight', ctrlKey: true }],
    ['F8', { key: 'F8', code: 'F8' }],
  ])('GS comes as %s', (_, gs) => {
    page.type('0109521234543213')
    page.press({ key: 'Control', code: 'ControlLeft' })
    expect(page.press(gs)).toBe(false)
    page.type('10ABC')
    enter()
    page.pass(100)

    expect(read).toEqual(['0109521234543213\x1d10ABC'])
  })

  test('GS comes as Alt and its number', () => {
    page.type('0109521234543213')
    for (const digit of '029') {
      page.press({ key: digit, code: `Numpad${digit}`, altKey: true }, 5)
    }
    page.release('Alt')
    page.type('10ABC')
    enter()
    page.pass(100)

    expect(read).toEqual(['0109521234543213\x1d10ABC'])
  })

  test('the symbology a scanner puts before a code is taken off', () => {
    scan(']d2\x200109521234543213')

    expect(read).toEqual(['0109521234543213'])
  })
})

describe('a handheld that writes without keys', () => {
  test('is heard by its Enter, and the field keeps what stood in it', () => {
    const field = new FakeField('旧')
    page.focus = field
    page.insert('苏H12345')

    expect(enter()).toBe(false)
    page.pass(100)
    expect([read, field.value]).toEqual([['苏H12345'], '旧'])
  })

  test.each([
    ['words without a digit, as input methods write them', '已经检查过的车辆', 10],
    ['a short word', '车1号', 10],
    ['Enter that comes later', '苏H12345', 150],
  ])('is not %s', (_, written, pause) => {
    const field = new FakeField()
    page.focus = field
    page.insert(written)

    expect(enter(pause)).toBe(true)
    page.pass(100)
    expect([read, field.value]).toEqual([[], written])
  })
})

describe('a person', () => {
  test('that types fast and presses Enter is left alone', () => {
    const field = new FakeField()
    page.focus = field
    page.type('su h12345', 60)

    expect(enter(60)).toBe(true)
    page.pass(100)
    expect([read, field.value]).toEqual([[], 'su h12345'])
  })

  test('that types a PIN of six digits is left alone', () => {
    const field = new FakeField()
    page.focus = field
    page.type('482915', 90)

    expect(enter(90)).toBe(true)
    page.pass(100)
    expect([read, field.value]).toEqual([[], '482915'])
  })

  test('that rolls over some keys at once is left alone', () => {
    const field = new FakeField()
    page.focus = field
    page.type('abc', 15)
    page.pass(120)
    page.type('123', 15)

    expect(enter(15)).toBe(true)
    page.pass(100)
    expect([read, field.value]).toEqual([[], 'abc123'])
  })

  test('that holds a key down is left alone', () => {
    const field = new FakeField()
    page.focus = field
    page.press({ key: '1' })
    for (let times = 0; times < 20; times += 1) page.press({ key: '1', repeat: true }, 30)

    expect(enter(30)).toBe(true)
    page.pass(100)
    expect(read).toEqual([])
  })

  test.each(['c', 'v', 'a', 'z', 'j', ']'])('may give the command Ctrl+%s', (key) => {
    expect(page.press({ key, code: `Key${key.toUpperCase()}`, ctrlKey: true })).toBe(true)
  })

  test('that corrects with Backspace is no scanner', () => {
    page.type('1234567')
    page.press({ key: 'Backspace', code: 'Backspace' })

    expect(enter()).toBe(true)
    page.pass(100)
    expect(read).toEqual([])
  })

  test('may press Enter, Tab and the space bar on a button', () => {
    for (const [key, code] of [['Enter', 'Enter'], ['Tab', 'Tab'], [' ', 'Space']] as const) {
      page.pass(500)
      expect(page.press({ key, code })).toBe(true)
    }
  })
})

test('after the end of listening nothing is heard or held', () => {
  end()
  page.type(CODE)

  expect(enter()).toBe(true)
  page.pass(100)
  expect(read).toEqual([])
})
