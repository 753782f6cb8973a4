/** What the server's bundle says of arrivals and trust, as far as a decision needs it. */

import type { CardKind } from './claims'

export interface ExpectedCard {
  readonly subject: string
  readonly card_version: number
  readonly valid_until?: string | null
}

export interface ExpectedPlate {
  readonly plate: string
  readonly colour: string
}

export interface ExpectedArrival {
  readonly waybill_id: string
  readonly revision: number
  readonly status: string
  readonly valid_from: string
  readonly valid_until: string
  readonly plates: { readonly tractor: ExpectedPlate; readonly trailer?: ExpectedPlate | null }
  readonly expected: Partial<Readonly<Record<CardKind, ExpectedCard | null>>>
  readonly preclearance: { readonly judged_at: string; readonly good_until: string; readonly would_clear: boolean }
  readonly asked: readonly { readonly id: string; readonly answers?: readonly string[]; readonly photo?: boolean }[]
}

export interface ExpectedBundle {
  readonly made_at: string
  readonly good_until: string
  readonly trust: { readonly fetched_at: string; readonly good_until: string }
  /** Asked unless the bundle says that it is not. */
  readonly supervisor_consents?: boolean
  readonly supervisors?: readonly {
    readonly subject: string
    readonly valid_until?: string | null
    readonly user_id?: string | null
  }[]
  readonly revocations?: readonly {
    readonly since: string
    readonly jti?: string | null
    readonly subject?: string | null
    readonly kid?: string | null
  }[]
}
