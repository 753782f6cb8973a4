/** Bytes as decimal digits: seven bytes are seventeen digits, each group little-endian. */

import { QrProblem } from './problem'

const GROUP_DIGITS = 17
const BYTES_BY_DIGITS: Readonly<Record<number, number>> = { 3: 1, 5: 2, 8: 3, 10: 4, 13: 5, 15: 6, 17: 7 }
const DIGITS_BY_BYTES = [0, 3, 5, 8, 10, 13, 15, 17]
const GROUP_BYTES = 7

export function decodeDigits(digits: string): Uint8Array<ArrayBuffer> {
  if (!digits) throw new QrProblem('no-digits')
  // A class of its own: other digits than these ten were written by somebody, not scanned.
  if (!/^[0-9]+$/.test(digits)) throw new QrProblem('not-ascii-digits')
  const bytes: number[] = []
  for (let at = 0; at < digits.length; at += GROUP_DIGITS) bytes.push(...decodeGroup(digits.slice(at, at + GROUP_DIGITS)))
  return Uint8Array.from(bytes)
}

export function encodeDigits(bytes: Uint8Array): string {
  let digits = ''
  for (let at = 0; at < bytes.length; at += GROUP_BYTES) {
    const group = bytes.subarray(at, at + GROUP_BYTES)
    const number = group.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
    digits += number.toString().padStart(DIGITS_BY_BYTES[group.length] ?? 0, '0')
  }
  return digits
}

function decodeGroup(group: string): number[] {
  const length = BYTES_BY_DIGITS[group.length]
  if (length === undefined) throw new QrProblem('bad-length')
  let number = BigInt(group)
  const bytes = Array.from({ length }, () => {
    const byte = Number(number & 0xffn)
    number >>= 8n
    return byte
  })
  if (number > 0n) throw new QrProblem('group-out-of-range')
  return bytes
}
