/**
 * What a scanner that types meant by a key.
 *
 * Such scanners are set to a layout, nearly always that of the United States, and press its keys.
 * What arrives is what the tablet makes of them: an input method that is on hides the letter
 * (`key` is `Process`), turns digits into full-width ones or a slash into 、; Caps Lock swaps cases.
 * So the place of the key (`code`) is believed where the letter cannot be.
 */

export interface Key {
  readonly key: string
  readonly code: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  readonly repeat: boolean
}

/** What a key is to a scanner's text: a character, its end, a part of the next key, or typing. */
export type Meaning =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end'; readonly text: '\n' | '\t' }
  | { readonly kind: 'beside' }
  | { readonly kind: 'other' }

const BESIDE = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'CapsLock', 'NumLock', 'Fn', 'Meta'])

/** Unshifted and shifted characters of the US layout, by the place of their key. */
const PLACES: Readonly<Record<string, string>> = {
  Backquote: '`~', Minus: '-_', Equal: '=+', BracketLeft: '[{', BracketRight: ']}',
  Backslash: '\\|', Semicolon: ';:', Quote: '\'"', Comma: ',<', Period: '.>', Slash: '/?',
  Space: '  ', NumpadAdd: '++', NumpadSubtract: '--', NumpadMultiply: '**', NumpadDivide: '//',
  NumpadDecimal: '..',
}
const SHIFTED_DIGITS = ')!@#$%^&*('

/** Control characters that scanners write as Ctrl and a key: `Ctrl+]` is GS, which parts GS1 fields. */
const CONTROLS: Readonly<Record<string, string>> = {
  BracketLeft: '\x1b', Backslash: '\x1c', BracketRight: '\x1d', Digit6: '\x1e', Minus: '\x1f',
}
/** What some scanners press instead of Ctrl+]. */
const GS_KEYS = new Set(['F8'])

// The same as `scanners/readers/wedge.py` takes off.
const FRAME = /^[\0-\x20\x7f\xa0\u200b-\u200d\u2060\u3000\ufeff]+|[\0-\x20\x7f\xa0\u200b-\u200d\u2060\u3000\ufeff]+$/g
const FULL_WIDTH = /[\uff01-\uff5e]/gu
const FULL_WIDTH_OFFSET = 0xfee0

export function meaningOf(key: Key): Meaning {
  if (key.repeat || key.metaKey) return { kind: 'other' }
  if (BESIDE.has(key.key)) return { kind: 'beside' }
  if (key.ctrlKey) return control(key)
  if (key.altKey) return { kind: 'other' }
  if (key.key === 'Enter' || key.code === 'Enter' || key.code === 'NumpadEnter') {
    return { kind: 'end', text: '\n' }
  }
  if (key.key === 'Tab' || key.code === 'Tab') return { kind: 'end', text: '\t' }
  if (GS_KEYS.has(key.key)) return { kind: 'text', text: '\x1d' }
  const text = character(key)
  return text ? { kind: 'text', text } : { kind: 'other' }
}

/** Full-width letters, digits and signs as plain ones. */
export function halfWidth(text: string): string {
  return text
    .replace(FULL_WIDTH, (wide) => String.fromCodePoint(wide.codePointAt(0)! - FULL_WIDTH_OFFSET))
    .replaceAll('\u3000', ' ')
}

/**
 * The text with the cases it was meant to have. With Caps Lock on all letters are swapped, unless
 * the scanner made up for it: a scheme or the mark of a badge or tag, whose case is known, tells.
 */
export function withCases(text: string): string {
  const swapped = [...text]
    .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join('')
  return /^(HTTPS?:\/\/|wb[bp]1\.)/.test(text) ? swapped : text
}

/**
 * The text without what surrounds it: carriage returns, STX and ETX, and the AIM symbology
 * identifier (`]Q1`, ISO/IEC 15424). A change inside a code is damage, and damage must be seen.
 */
export function clean(text: string): string {
  return trimmed(trimmed(text).replace(/^\][A-Za-z][0-9A-Za-z]/, ''))
}

function trimmed(text: string): string {
  return text.replace(FRAME, '')
}

function control({ key, code }: Key): Meaning {
  const letter = /^Key([A-Z])$/.exec(code)?.[1] ?? (/^[a-z]$/i.test(key) ? key.toUpperCase() : '')
  // Ctrl+M is carriage return and Ctrl+J line feed: some scanners end with them.
  if (letter === 'M' || letter === 'J') return { kind: 'end', text: '\n' }
  if (letter === 'I') return { kind: 'end', text: '\t' }
  if (letter) return { kind: 'text', text: String.fromCharCode(letter.charCodeAt(0) - 64) }
  const text = CONTROLS[code] ?? (key === ']' ? '\x1d' : '')
  return text ? { kind: 'text', text } : { kind: 'other' }
}

function character({ key, code, shiftKey }: Key): string {
  if ([...key].length === 1 && key <= '~') return key
  return byPlace(code, shiftKey) || ([...key].length === 1 ? halfWidth(key) : '')
}

function byPlace(code: string, shift: boolean): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter) return shift ? letter : letter.toLowerCase()
  const digit = /^(Digit|Numpad)([0-9])$/.exec(code)
  if (digit) return shift && digit[1] === 'Digit' ? SHIFTED_DIGITS[Number(digit[2])]! : digit[2]!
  return PLACES[code]?.[shift ? 1 : 0] ?? ''
}
