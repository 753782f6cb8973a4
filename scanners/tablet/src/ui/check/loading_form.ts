/** What is entered after loading, as texts until it is handed over. */

import type { Check, GoodsLine, LoadedLine, Loading, Part, Words } from '../../state/model'
import { entered, type Numeric } from '../kit/pad'
import { CARD_KEYS } from '../kit/plate_keys'
import { bays as bayWords } from '../words/bays'
import { loading as words } from '../words/verdict'

export type LineField = 'quantityKg' | 'quantityL' | 'temperatureC' | 'densityKgL'
export const LINE_FIELDS: readonly LineField[] = ['quantityKg', 'quantityL', 'temperatureC', 'densityKgL']

/** The shape of each figure: digits before and after the point, and whether it may be negative. */
export const SHAPES: Readonly<Record<LineField | 'grossMassKg', Numeric>> = {
  quantityKg: { whole: 6, places: 3, signed: false },
  quantityL: { whole: 6, places: 1, signed: false },
  temperatureC: { whole: 3, places: 1, signed: true },
  densityKgL: { whole: 2, places: 4, signed: false },
  grossMassKg: { whole: 6, places: 0, signed: false },
}

export interface LoadingForm {
  /** By the line's position and field: `1.quantityKg`. */
  readonly figures: Readonly<Record<string, string>>
  readonly seals: readonly string[]
  readonly noSealReason: string
  /** By the line's position: why it is less than planned. */
  readonly shortReasons: Readonly<Record<number, string>>
  readonly startedAt: number
  /** `null` until somebody sets it: the moment at which the record is handed over. */
  readonly finishedAt: number | null
  /** Lines that go in at another bay, and the bay to which the vehicle goes next. */
  readonly elsewhere: readonly number[]
  readonly nextBay: string | null
}

export const emptyForm = (startedAt: number): LoadingForm => ({
  figures: {}, seals: [''], noSealReason: '', shortReasons: {}, startedAt, finishedAt: null, elsewhere: [], nextBay: null,
})

/** Drafts outlive a look at another screen or a lock: nothing entered is lost while the page lives. */
export const drafts = new Map<string, LoadingForm>()

/** Each bay has a draft of its own. */
export const draftKey = ({ key, bays }: Check): string => `${key} ${bays?.here.id ?? ''}`

/** The form of a check at this bay, with what was recorded here before. */
export function beginForm(check: Check, now: number): LoadingForm {
  const { bays, verdict } = check
  const empty = emptyForm(bays?.arrivedAt ?? verdict?.at ?? now)
  if (bays === null) return empty
  const before = bays.lines.flatMap(({ bay, loaded }) => (bay?.id === bays.here.id && loaded ? [loaded] : []))
  const figures = before.flatMap((line) => LINE_FIELDS.map((field) => [figureKey(line.position, field), line[field] ?? ''] as const))
  return {
    ...empty,
    figures: Object.fromEntries(figures),
    seals: bays.seals.length > 0 ? bays.seals : empty.seals,
    shortReasons: Object.fromEntries(before.map(({ position, shortReason }) => [position, shortReason])),
    nextBay: bays.others.length === 1 ? (bays.others[0]?.id ?? null) : null,
  }
}

/** The lines that go in at this bay, and those that are left for another one. */
export function shareOf({ elsewhere }: LoadingForm, { goods, bays }: Check): { readonly here: readonly GoodsLine[]; readonly elsewhere: readonly GoodsLine[] } {
  if (bays === null) return { here: goods, elsewhere: [] }
  const bayOf = ({ position }: GoodsLine) => bays.lines.find((line) => line.position === position)?.bay ?? null
  const open = goods.filter((line) => bayOf(line) === null)
  const mine = goods.filter((line) => bayOf(line)?.id === bays.here.id || (bayOf(line) === null && !elsewhere.includes(line.position)))
  return { here: mine, elsewhere: open.filter(({ position }) => elsewhere.includes(position)) }
}

export const figureKey = (position: number, field: LineField): string => `${position}.${field}`

/** What seal numbers are made of. */
export const SEAL_KEYS = CARD_KEYS

export const sealKey = (place: number): string => `seal.${place}`

/** Which seal a key names, or `null` where it names a figure. */
export function sealPlace(key: string): number | null {
  const place = /^seal\.([0-9]+)$/.exec(key)?.[1]
  return place === undefined ? null : Number(place)
}

export const withSeal = ({ seals }: LoadingForm, place: number, value: string): Partial<LoadingForm> =>
  ({ seals: seals.map((seal, at) => (at === place ? value : seal)) })

/** The shape of the figure with this key. */
export function shapeOfFigure(key: string): Numeric {
  const field = key.split('.')[1]
  return SHAPES[(field ?? 'grossMassKg') as LineField]
}

/** Whether a liquid in a tank is metered: litres, temperature and density are asked then. */
export const isMetered = ({ unit, compartment }: GoodsLine): boolean => unit === 'L' || compartment !== null

/** From this share of the plan on nobody asks why it is not all. The server asks by the same. */
const FULL_SHARE = 0.95
const SHORTEST_REASON = 4

/** Whether so much less than planned was entered that somebody has to say why. */
export function isShort({ figures }: LoadingForm, { position, quantity, unit }: GoodsLine): boolean {
  const given = entered(figures[figureKey(position, unit === 'kg' ? 'quantityKg' : 'quantityL')] ?? '')
  return given !== null && Number(given) < FULL_SHARE * Number(quantity)
}

/** Whether somebody has to say why it is not more: than the plan, or than was recorded here before. */
export function asksWhy(form: LoadingForm, line: GoodsLine, { bays }: Check): boolean {
  const before = bays?.lines.find(({ position }) => position === line.position)?.loaded
  const given = entered(form.figures[figureKey(line.position, 'quantityKg')] ?? '')
  return isShort(form, line) || (before != null && given !== null && Number(given) < Number(before.quantityKg))
}

/** What still stops the record from being handed over, in the order of the screen. */
export function unfinished(form: LoadingForm, check: Check): Words | null {
  const { figures, seals, noSealReason, shortReasons, startedAt, finishedAt } = form
  const { here, elsewhere } = shareOf(form, check)
  const goesOn = elsewhere.length > 0
  if (goesOn && here.length === 0) return bayWords.nothingHere
  if (here.some(({ position }) => entered(figures[figureKey(position, 'quantityKg')] ?? '') === null)) return words.missingKg
  const unexplained = (line: GoodsLine): boolean => asksWhy(form, line, check) && (shortReasons[line.position] ?? '').trim().length < SHORTEST_REASON
  if (here.some(unexplained)) return words.missingShortReason
  if (goesOn && form.nextBay === null) return bayWords.missingBay
  if (!goesOn && seals.every((seal) => seal.trim() === '') && noSealReason.trim() === '') return words.missingSeal
  if (!goesOn && check.questions.some(({ group, answer }) => group === 'after_loading' && answer === null)) return words.missingList
  return finishedAt !== null && finishedAt < startedAt ? words.wrongOrder : null
}

export function loadingOf(form: LoadingForm, check: Check, now: number): Loading {
  const figure = (key: string): string | null => entered(form.figures[key] ?? '')
  const lines: readonly LoadedLine[] = shareOf(form, check).here.map((line) => ({
    position: line.position,
    quantityKg: figure(figureKey(line.position, 'quantityKg')) ?? '0',
    quantityL: figure(figureKey(line.position, 'quantityL')),
    temperatureC: figure(figureKey(line.position, 'temperatureC')),
    densityKgL: figure(figureKey(line.position, 'densityKgL')),
    shortReason: asksWhy(form, line, check) ? (form.shortReasons[line.position] ?? '').trim() : '',
  }))
  const seals = form.seals.map((seal) => seal.trim()).filter((seal) => seal !== '')
  return {
    lines, seals,
    startedAt: form.startedAt,
    finishedAt: form.finishedAt ?? Math.max(now, form.startedAt),
    grossMassKg: figure('grossMassKg'),
    noSealReason: seals.length > 0 ? '' : form.noSealReason.trim(),
  }
}

/** What is recorded of this bay where other lines are left for the next. */
export function partOf(form: LoadingForm, check: Check, now: number): Part {
  const { lines, startedAt, finishedAt, seals } = loadingOf(form, check, now)
  return { lines, startedAt, finishedAt, seals, nextBay: form.nextBay }
}
