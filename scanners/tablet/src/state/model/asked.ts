/** What is asked at the bay, and what was given last. */

import type { Reason, Standing, Words } from './words'

export type CrewRole = 'driver' | 'escort' | 'supervisor'

export type ScanKind =
  | 'waybill' | 'vehicle' | 'trailer' | 'driver' | 'escort' | 'supervisor' | 'tank' | 'document'

export type StepKind =
  | 'waybill' | 'vehicle' | 'trailer' | 'tank' | 'driver' | 'escort' | 'supervisor' | 'plate'
  | 'trailer_plate' | 'goods' | 'signs' | 'closing_list' | 'papers' | 'plant_items'

/** What was given in through which door. */
export type How = 'camera' | 'wedge' | 'typed' | 'pasted' | 'picture'

export interface Step {
  readonly kind: StepKind
  readonly needed: boolean
  readonly standing: Standing
  /** Reasons that stand against it or inform; none where all is well. */
  readonly reasons: readonly Reason[]
  /** What was shown before and still stands after a cured refusal. */
  readonly kept: boolean
}

export interface Asked {
  readonly id: string
  readonly group: 'signs' | 'closing_list' | 'papers' | 'plant_items' | 'after_loading'
  readonly text: Words
  readonly source: Words
  /** What can be answered; `no` always can. */
  readonly answers: readonly ('yes' | 'no' | 'not_applicable')[]
  readonly answer: 'yes' | 'no' | 'not_applicable' | null
  readonly wantsPhoto: boolean
  /** An item of the plant that two authorised people may let pass. */
  readonly mayBeLetPass: boolean
}

export interface AskedPhoto {
  readonly shows: string
  readonly text: Words
  readonly why: 'law' | 'plant' | 'risk' | 'random'
  readonly taken: boolean
}

export interface ControlQuestion {
  readonly id: string
  readonly text: Words
  readonly choices: readonly { readonly value: string; readonly text: Words }[]
  readonly answered: string | null
  /** Said after an answer that was wrong; `null` otherwise. */
  readonly hint: Words | null
}

export interface PresencePoint {
  readonly point: string
  readonly label: Words
  readonly seen: boolean
}

/** The last thing that was shown, typed or answered, and how it did. */
export interface LastResult {
  readonly at: number
  /** `missing`: it is in order, and something that belongs to it is still to be said. */
  readonly standing: Standing
  readonly kind: ScanKind | 'plate' | 'presence' | 'answer' | 'photo' | 'presence_tag' | 'control'
  /** What was read, in words ("车辆卡 苏H·12345"). */
  readonly read: Words
  readonly reasons: readonly Reason[]
  readonly note: Words | null
  /** Judged by the server, or on this tablet without network. */
  readonly judgedBy: 'server' | 'tablet'
}
