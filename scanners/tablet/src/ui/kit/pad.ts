/** What the pads write: pure functions from a text and a key to the next text. */

export const PIN_LENGTH = 6

export type PadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '.' | '-' | 'erase' | 'clear'

export interface Numeric {
  /** Digits before and after the point. */
  readonly whole: number
  readonly places: number
  readonly signed: boolean
}

/** A PIN after one more key; what does not fit changes nothing. */
export function pressPin(pin: string, key: PadKey): string {
  if (key === 'clear') return ''
  if (key === 'erase') return pin.slice(0, -1)
  return /^[0-9]$/.test(key) && pin.length < PIN_LENGTH ? pin + key : pin
}

/** A plain decimal after one more key: no leading zeros, one point, never more places than asked. */
export function pressNumber(text: string, key: PadKey, shape: Numeric): string {
  if (key === 'clear') return ''
  if (key === 'erase') return text === '-' || text.length === 1 ? '' : text.slice(0, -1)
  if (key === '-') return shape.signed ? (text.startsWith('-') ? text.slice(1) : `-${text}`) : text
  return fits(nextNumber(text, key), shape) ?? text
}

function nextNumber(text: string, key: string): string {
  const sign = text.startsWith('-') ? '-' : ''
  const body = text.slice(sign.length)
  if (key === '.') return sign + (body === '' ? '0.' : `${body}.`)
  return sign + (body === '0' ? key : body + key)
}

/** The text if it is the beginning of a decimal of this shape. */
export function fits(text: string, { whole, places, signed }: Numeric): string | null {
  const sign = signed ? '-?' : ''
  const point = places > 0 ? `(\\.[0-9]{0,${places}})?` : ''
  return new RegExp(`^${sign}((0|[1-9][0-9]{0,${whole - 1}})${point})?$`).test(text) ? text : null
}

/** As it is handed over: without a point that nothing follows; `null` where nothing was entered. */
export function entered(text: string): string | null {
  const plain = text.replace(/\.$/, '')
  return plain === '' || plain === '-' ? null : plain
}
