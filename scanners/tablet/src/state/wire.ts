/** What the server says, as far as the tablet reads it. Names are the server's. */

import type { ExpectedArrival, ExpectedBundle } from '../core/expected'
import type { Jwk } from '../core/keys'
import type { Standing, StepKind } from './model'
import type { WireCheckElsewhere } from './wire_bays'

export interface WireExplanation {
  readonly title: string
  readonly seen: string
  readonly needed: string
  readonly cure: string
  readonly basis: string
}

export interface WireFinding {
  readonly code: string
  readonly severity: 'STOP' | 'WARN' | 'INFO'
  readonly outcome: 'passed' | 'failed' | 'unknown' | 'not_applicable'
  readonly zh: WireExplanation
  readonly en: WireExplanation
}

export interface WireStep {
  readonly kind: StepKind
  readonly needed: boolean
  readonly state: Standing
  readonly findings: readonly WireFinding[]
}

export interface WireAsked {
  readonly id: string
  readonly rule: string
  readonly zh: string
  readonly en: string
  readonly answer: boolean | null
  readonly photo: boolean
  readonly photo_taken: boolean
  readonly stops: boolean
}

export interface WirePhoto {
  readonly shows: string
  readonly zh: string
  readonly en: string
  readonly taken: boolean
  readonly why?: 'law' | 'plant' | 'risk' | 'random'
  readonly phase?: string
}

export interface WireControl {
  readonly id: string
  readonly zh: string
  readonly en: string
  readonly choices: readonly { readonly value: string; readonly zh: string; readonly en: string }[]
  readonly answered?: string | null
  readonly hint_zh?: string
  readonly hint_en?: string
}

export interface WireTag {
  readonly point: string
  readonly label: string
  readonly zh?: string
  readonly en?: string
  readonly seen?: boolean
}

export interface WireSigns {
  readonly plates: readonly {
    readonly hazard_identification_number: string
    readonly un_number: string
    readonly compartments: readonly number[]
  }[]
  readonly placards: readonly { readonly label: string; readonly division: string }[]
  readonly marks: readonly string[]
}

export interface WireGoods {
  readonly position: number
  readonly un_number: string
  readonly name_zh: string
  readonly name_en: string
  readonly division?: string
  readonly class?: string
  readonly packing_group: string
  readonly quantity_kg?: string
  readonly quantity?: string
  readonly unit?: 'kg' | 'L'
  readonly compartment?: number | string | null
}

export interface WireVerdict {
  readonly judged_at: string
  readonly phase: string
  readonly clears: boolean
  readonly findings: readonly WireFinding[]
}

export interface WireCheck extends WireCheckElsewhere {
  readonly summary: { readonly id: string; readonly waybill_id: string; readonly revision: number; readonly status: string; readonly bay_id?: string; readonly decided_at?: string | null }
  readonly waybill: {
    readonly id: string
    readonly number: string | null
    readonly revision: number
    /** Absent in what was kept before it was told. */
    readonly status?: string
    readonly vehicle_plate: string
    readonly vehicle_plate_colour: string
    readonly trailer_plate: string | null
    readonly trailer_plate_colour: string | null
    readonly tank_number: string | null
  }
  readonly goods: readonly WireGoods[]
  readonly steps: readonly WireStep[]
  readonly would_clear: boolean
  readonly questions: readonly WireAsked[]
  readonly photos: readonly WirePhoto[]
  readonly signs: WireSigns
  readonly control_questions?: readonly WireControl[]
  readonly presence_tags?: readonly WireTag[]
  readonly verdicts?: readonly WireVerdict[]
}

interface WireWords {
  readonly zh: string
  readonly en: string
}

export interface WireOpened {
  readonly opened: boolean
  readonly read: WireWords
  readonly problem: string
  readonly problem_words: WireWords
  readonly check: WireCheck | null
}

export interface WireAddition {
  readonly outcome: 'passed' | 'failed' | 'unknown' | 'not_applicable'
  readonly read: WireWords
  readonly problem: string
  readonly problem_words: WireWords
  readonly note: WireWords
  readonly findings: readonly WireFinding[]
  readonly steps: readonly WireStep[]
  readonly would_clear: boolean
}

export interface WireDecision {
  readonly decided_at: string
  readonly cleared: boolean
  readonly verdict: WireVerdict
  readonly steps: readonly WireStep[]
  /** Steps of which nothing has to be shown again. */
  readonly still_standing?: readonly StepKind[]
}

export interface WireRelease {
  readonly judged_at: string
  readonly released: boolean
  readonly verdict: WireVerdict
}

export interface WireSession {
  readonly session_id: string
  readonly access_token: string
  readonly expires_in: number
  readonly server_time: string
  readonly person: { readonly user_id: string; readonly label: string; readonly role: string }
  /** With what this tablet makes its own verifier of the PIN, and until when that may be used. */
  readonly unlock: { readonly salt: string; readonly iterations: number; readonly good_until: string }
}

export interface WireEnrolled {
  readonly device_id: string
  readonly label: string
  readonly facility: { readonly id: string; readonly name_zh: string; readonly name_en: string }
  readonly bays: readonly { readonly id: string; readonly name: string }[]
  readonly prefix: string
  readonly server_time: string
}

export interface WireArrival extends ExpectedArrival {
  readonly number: string
  readonly text?: string
  readonly carrier?: string
  readonly expected_at?: string | null
  readonly goods: readonly WireGoods[]
  readonly signs: WireSigns
  readonly readiness?: Standing
  /** Ids of what is asked after loading, and of what must be photographed. */
  readonly asked_after?: readonly string[]
  readonly photos?: readonly string[]
  /** What is asked so that somebody looks, and the seal by which the server knows it again. */
  readonly looks?: { readonly seal: string; readonly photos: readonly WirePhoto[]; readonly control_questions: readonly WireControl[] }
  readonly preclearance: ExpectedArrival['preclearance'] & { readonly findings?: readonly WireFinding[] }
}

export interface WireBundle extends ExpectedBundle {
  readonly id: string
  readonly server_time: string
  readonly bays?: readonly { readonly id: string; readonly name: string }[]
  readonly trust: ExpectedBundle['trust'] & { readonly jwks: { readonly keys: readonly Jwk[] } }
  readonly arrivals: readonly WireArrival[]
  readonly questions?: readonly (WireAsked & { readonly phase?: string })[]
  readonly photos?: readonly WirePhoto[]
  readonly presence_tags?: readonly (WireTag & { readonly id: string; readonly bay_id: string })[]
}

export interface WireRecorded {
  readonly number: string
  readonly state: 'accepted' | 'contradicted' | 'refused'
  readonly check_id: string | null
  readonly server_verdict?: { readonly cleared: boolean; readonly standing: readonly string[] } | null
  readonly case_id: string | null
  readonly message_zh: string
  readonly message_en: string
}
