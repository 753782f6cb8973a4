/** A vehicle and its load, as they are expected and must be seen. */

import type { Words } from './words'

export type Unit = 'tractor' | 'trailer'

export interface Plate {
  readonly plate: string
  readonly colour: 'yellow' | 'blue' | 'green' | 'yellow_green' | 'white' | 'black'
}

export interface GoodsLine {
  readonly position: number
  readonly unNumber: string
  readonly name: Words
  readonly className: string
  readonly packingGroup: string
  readonly quantity: string
  readonly unit: 'kg' | 'L'
  readonly compartment: string | null
}

/** What must be seen on the vehicle. Labels are those of ADR 5.2.2.2 (`3`, `6.1`, `2.3`, `8` ...). */
export interface Signs {
  /** Orange plates: hazard number above (may be empty), UN number below (may be empty). */
  readonly plates: readonly {
    readonly upper: string
    readonly lower: string
    readonly where: Words
    readonly count: number
  }[]
  readonly placards: readonly { readonly label: string; readonly where: Words; readonly name: Words }[]
  readonly marks: readonly { readonly kind: string; readonly where: Words; readonly name: Words }[]
}
