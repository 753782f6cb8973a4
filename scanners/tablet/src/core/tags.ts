/** Presence tags: `WBP1.`, the tag's id and a seal over it that only the server can check. */

const CODE = /^WBP1\.([A-Z2-7]{26})[A-Z2-7]{16}$/
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The id that a tag's code names, or `null`; whether the tag is genuine the server says later. */
export function tagIdOf(text: string): string | null {
  const written = CODE.exec(text.trim().toUpperCase())?.[1]
  if (!written) return null
  const bits = [...written].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const hex = (bits.slice(0, 128).match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16)).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
