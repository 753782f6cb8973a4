/** The keys of Chinese number plates and what may follow what (GA 36-2018). */

import type { Plate } from '../../state/model'

/** Abbreviations of the provinces, in the order of the administrative divisions. */
export const PROVINCES = [...'京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新'] as const
/** I and O are left out: they look like 1 and 0. */
export const LETTERS = [...'ABCDEFGHJKLMNPQRSTUVWXYZ'] as const
export const DIGITS = [...'0123456789'] as const
/** What may stand at the end: trailers, training, police, Hong Kong, Macao. */
export const ENDINGS = [...'挂学警港澳'] as const

/** Numbers of cards and seals have the letters that plates leave out. */
export const CARD_KEYS: readonly string[] = [...DIGITS, ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '-']

export const COLOURS: readonly Plate['colour'][] = ['yellow', 'yellow_green', 'blue', 'green', 'white', 'black']

/** Province, letter, and five characters, or six on plates of new energy. */
const LONGEST = 8
const SHORTEST = 7

export const keysFor = (plate: string): 'province' | 'letters' => (plate === '' ? 'province' : 'letters')

/** Whether a key may follow what is typed. */
export function mayFollow(plate: string, key: string): boolean {
  if (plate === '') return PROVINCES.includes(key)
  if (plate.length === 1) return LETTERS.includes(key)
  if (plate.length >= LONGEST || ENDINGS.includes(plate.slice(-1))) return false
  if (ENDINGS.includes(key)) return plate.length === SHORTEST - 1
  return LETTERS.includes(key) || DIGITS.includes(key)
}

export const pressPlate = (plate: string, key: string): string => (mayFollow(plate, key) ? plate + key : plate)

/** What somebody types on a keyboard, brought to a plate's characters; foreign ones are left out. */
export function tidyPlate(typed: string): string {
  return [...typed.toUpperCase().normalize('NFKC')].reduce(pressPlate, '')
}

export const complete = (plate: string): boolean => plate.length >= SHORTEST && plate.length <= LONGEST
