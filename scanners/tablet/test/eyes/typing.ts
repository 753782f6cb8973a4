/** Keys as a browser reports them, for tests that have no browser. */

import { vi } from 'vitest'

export interface Pressed {
  readonly key: string
  readonly code?: string
  readonly shiftKey?: boolean
  readonly ctrlKey?: boolean
  readonly altKey?: boolean
  readonly repeat?: boolean
}

/** A field in a page, as far as a scanner has to do with it. */
export class FakeField extends EventTarget {
  readonly tagName = 'INPUT'
  readonly type = 'text'
  readonly selectionStart = null
  constructor(public value = '', readonly dataset: Readonly<Record<string, string>> = {}) {
    super()
  }
}

/** The page: what is dispatched on it says that it came from whatever has the focus. */
export class FakePage extends EventTarget {
  focus: EventTarget | null = null
  now = 10_000

  /** Presses a key `after` milliseconds; answers whether the page would still act on it. */
  press(pressed: Pressed, after = 10): boolean {
    this.pass(after)
    const left = this.send('keydown', { code: '', ...modifiers, ...pressed })
    if (left && this.focus instanceof FakeField && [...pressed.key].length === 1) {
      this.send('beforeinput', { inputType: 'insertText', data: pressed.key })
      this.focus.value += pressed.key
    }
    return left
  }

  release(key: string, after = 1): void {
    this.pass(after)
    this.send('keyup', { key, code: '', ...modifiers })
  }

  type(text: string, every = 10): void {
    for (const key of text) this.press({ key, shiftKey: key !== key.toLowerCase() }, every)
  }

  /** Text that comes without keys. */
  insert(data: string, after = 10): void {
    this.pass(after)
    this.send('beforeinput', { inputType: 'insertText', data })
    ;(this.focus as FakeField).value += data
  }

  pass(ms: number): void {
    this.now += ms
    vi.advanceTimersByTime(ms)
  }

  private send(name: string, properties: object): boolean {
    const event = new Event(name, { cancelable: true })
    for (const [property, value] of Object.entries({ ...properties, timeStamp: this.now, target: this.focus ?? this })) {
      Object.defineProperty(event, property, { value })
    }
    return this.dispatchEvent(event)
  }
}

const modifiers = {
  shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, repeat: false,
}
