/** What is entered after loading, as texts until it is handed over. */

import type { Check, GoodsLine, LoadedLine, Loading, Words } from '../../state/model'
import { entered, type Numeric } from '../kit/pad'
import { CARD_KEYS } from '../kit/plate_keys'
import { loading as words } from '../words/verdict'

export type LineField = 'quantityKg' | 'quantityL' | 'temperatureC' | 'densityKgL'

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
  readonly startedAt: number
  /** `null` until somebody sets it: the moment at which the record is handed over. */
  readonly finishedAt: number | null
}

export const emptyForm = (startedAt: number): LoadingForm => ({
  figures: {}, seals: [''], noSealReason: '', startedAt, finishedAt: null,
})

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

/** What still stops the record from being handed over, in the order of the screen. */
export function unfinished(form: LoadingForm, check: Check): Words | null {
  const { figures, seals, noSealReason, startedAt, finishedAt } = form
  if (check.goods.some(({ position }) => entered(figures[figureKey(position, 'quantityKg')] ?? '') === null)) return words.missingKg
  if (seals.every((seal) => seal.trim() === '') && noSealReason.trim() === '') return words.missingSeal
  if (check.questions.some(({ group, answer }) => group === 'after_loading' && answer === null)) return words.missingList
  return finishedAt !== null && finishedAt < startedAt ? words.wrongOrder : null
}

export function loadingOf(form: LoadingForm, check: Check, now: number): Loading {
  const figure = (key: string): string | null => entered(form.figures[key] ?? '')
  const lines: readonly LoadedLine[] = check.goods.map(({ position }) => ({
    position,
    quantityKg: figure(figureKey(position, 'quantityKg')) ?? '0',
    quantityL: figure(figureKey(position, 'quantityL')),
    temperatureC: figure(figureKey(position, 'temperatureC')),
    densityKgL: figure(figureKey(position, 'densityKgL')),
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
