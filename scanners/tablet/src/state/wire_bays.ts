/** What the server says of several bays and of earlier checks, as far as the tablet reads it. */

import type { StepKind } from './model'
import type { WireAsked, WireVerdict } from './wire'

export interface WireLoadedLine {
  readonly position: number
  readonly quantity_kg: string
  readonly quantity_l?: string | null
  readonly temperature_c?: string | null
  readonly density_kg_l?: string | null
  readonly short_reason?: string
}

/** Evidence that the tablet reads; there is other evidence too. */
export type WireItem =
  | { readonly type: 'bay_arrival'; readonly bay_id: string; readonly at: string }
  | WirePart
  | { readonly type: string }

export interface WirePart {
  readonly type: 'loading_part'
  readonly bay_id: string
  readonly lines: readonly WireLoadedLine[]
  readonly started_at: string
  readonly finished_at: string
  readonly at: string
  readonly seals: readonly string[]
  readonly next_bay_id?: string | null
}

/** Beside what a check was from the beginning; absent in what was kept before. */
export interface WireCheckElsewhere {
  readonly items?: readonly WireItem[]
  readonly closing_list?: readonly WireAsked[]
  readonly earlier_id?: string | null
  readonly still_standing?: readonly StepKind[]
  readonly to_show_again?: readonly { readonly step: StepKind; readonly why: 'missing' | 'failed' | 'unknown' | 'outdated' }[]
}

export interface WireArrived {
  readonly bay_id: string
  readonly arrived_at: string
}

export interface WirePartRecorded {
  readonly recorded_at: string
  readonly lines_out: readonly number[]
  readonly verdict: WireVerdict
}

export interface WireUnderWay {
  readonly check_id: string
  readonly waybill_id: string
  readonly number: string
  readonly vehicle_plate: string
  readonly vehicle_plate_colour: string
  readonly bay_id: string
  readonly next_bay_id: string | null
  readonly lines_out: readonly number[]
}
