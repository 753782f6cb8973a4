/** Hardware scanners that type like a keyboard. */

import { Burst, Insertion } from './bursts'
import { fieldOf, isEditable, takesKeys, write, type Field } from './fields'
import type { Reading } from './index'
import { clean, halfWidth, meaningOf, withCases } from './keys'
import { LONGEST_TEXT } from './paste'

/** A code of several lines goes on so soon after the end of a line, or it is over. */
const SETTLE_MS = 50
/** Our own codes are of one line: nothing is waited for. Cards and waybills, badges, presence tags. */
const WHOLE = /\/q#[0-9]+$|^WB[BP]1\.\S+$/
/** An input method may still put its text into the field so long after the last key. */
const LATE_MS = 300
const LATE_EVENTS = ['input', 'compositionend']
/** Before the page itself, which must not act on a scanner's Enter. */
const CAPTURE = { capture: true }
const WRITTEN = new Set(['insertText', 'insertCompositionText', 'insertFromComposition'])

/**
 * Listens to a scanner that types on a whole page: fast keys that end with Enter or Tab, wherever
 * the focus is. A field that had the focus is given back what stood in it, and neither Enter nor Tab
 * reaches the page. Whatever a person types is left alone, and so is a field with `data-typed`, where
 * people and scanners type alike. Answers with the end of listening.
 *
 * @param target the document
 */
export function listenToWedge(
  target: EventTarget,
  onReading: (reading: Reading) => void,
): () => void {
  const wedge = new Wedge(onReading)
  const listeners: readonly [string, (event: Event) => void][] = [
    ['keydown', (event) => wedge.onKeyDown(event as KeyboardEvent)],
    ['keyup', (event) => wedge.onKeyUp(event as KeyboardEvent)],
    ['beforeinput', (event) => wedge.onBeforeInput(event as InputEvent)],
  ]
  for (const [name, listener] of listeners) target.addEventListener(name, listener, CAPTURE)
  return () => {
    wedge.end()
    for (const [name, listener] of listeners) target.removeEventListener(name, listener, CAPTURE)
  }
}

/** The field that had the focus when a code began, and what stood in it. */
interface Written {
  readonly field: Field
  readonly before: string
}

class Wedge {
  private burst: Burst | null = null
  private insertion: Insertion | null = null
  private written: Written | null = null
  /** Digits of a character that is typed by its number: Alt held, then digits of the number pad. */
  private number = ''
  private lines = ''
  private settling: ReturnType<typeof setTimeout> | null = null

  constructor(private readonly onReading: (reading: Reading) => void) {}

  onKeyDown(event: KeyboardEvent): void {
    if (takesKeys(event.target)) return
    if (event.altKey && /^Numpad[0-9]$/.test(event.code)) {
      this.number += event.code.slice(-1)
      return
    }
    const meaning = meaningOf(event)
    if (meaning.kind === 'text') this.onCharacter(event, meaning.text)
    else if (meaning.kind === 'end') this.onEnd(event, meaning.text)
    else if (meaning.kind === 'other' && (event.repeat || event.code)) {
      this.burst = this.insertion = null
    }
  }

  onKeyUp(event: KeyboardEvent): void {
    if (event.key !== 'Alt' || !this.number) return
    const code = Number(this.number)
    this.number = ''
    // Above ASCII the number means something else on each system.
    if (code > 0 && code < 0x7f) this.onCharacter(event, String.fromCharCode(code))
  }

  onBeforeInput(event: InputEvent): void {
    const field = fieldOf(event.target)
    if (!field || takesKeys(event.target) || !WRITTEN.has(event.inputType)) return
    const at = event.timeStamp
    if (!this.insertion?.goesOn(at)) this.insertion = new Insertion(field.value, at)
    this.insertion.add(at)
  }

  /** What was read but not yet told is told. */
  end(): void {
    this.tell()
  }

  private onCharacter(event: KeyboardEvent, text: string): void {
    const at = event.timeStamp
    // Another line of the same code, perhaps.
    if (this.settling !== null) this.settle()
    if (!this.burst?.goesOn(at)) {
      // Ctrl and a key is a command, unless it comes in the midst of a code.
      if (text < ' ') {
        this.burst = null
        return
      }
      this.burst = new Burst(at)
      const field = fieldOf(event.target)
      this.written = field && { field, before: field.value }
    }
    this.burst.add(text, at)
    if (this.burst.isFast && (text < ' ' || !isEditable(event.target))) hold(event)
  }

  private onEnd(event: KeyboardEvent, end: string): void {
    const at = event.timeStamp
    const text = this.typed(at) ?? this.insertedText(event, at)
    this.burst = this.insertion = null
    if (text === null) {
      // Carriage return and line feed are two keys with nothing between them.
      if (this.settling !== null) hold(event)
      return
    }
    hold(event)
    if (this.written) putBack(this.written)
    this.written = null
    this.lines += text + end
    this.settle()
    if (WHOLE.test(this.text)) this.say()
  }

  private typed(at: number): string | null {
    const { burst } = this
    if (!burst?.goesOn(at)) return null
    // Further lines of a code that has begun may be short.
    return burst.isScanned || this.settling !== null ? burst.text : null
  }

  private insertedText(event: KeyboardEvent, at: number): string | null {
    const [field, insertion] = [fieldOf(event.target), this.insertion]
    if (!field || !insertion?.goesOn(at)) return null
    const text = insertion.scanned(field.value)
    if (text !== null) this.written = { field, before: insertion.before }
    return text
  }

  private settle(): void {
    if (this.settling !== null) clearTimeout(this.settling)
    this.settling = setTimeout(() => this.tell(), SETTLE_MS)
  }

  private tell(): void {
    if (this.settling === null) return
    clearTimeout(this.settling)
    this.settling = null
    this.say()
  }

  /** What the lines so far say. */
  private get text(): string {
    return withCases(clean(halfWidth(this.lines)))
  }

  private say(): void {
    const { text } = this
    this.lines = ''
    if (!text || text.length > LONGEST_TEXT) return
    this.onReading({ text, format: '', through: 'wedge' })
  }
}

function hold(event: Event): void {
  event.preventDefault()
  event.stopImmediatePropagation()
}

/** Gives a field back what stood in it, also against an input method that writes late. */
function putBack({ field, before }: Written): void {
  const again = () => write(field, before)
  again()
  const target = field as unknown as EventTarget
  for (const name of LATE_EVENTS) target.addEventListener(name, again)
  setTimeout(() => LATE_EVENTS.forEach((name) => target.removeEventListener(name, again)), LATE_MS)
}
