/** One check as it is kept here: what the server said of it, and what was found out without it. */

import type { LastResult, Reason, StepKind, Verdict, Words } from './model'
import type { WireArrival, WireCheck } from './wire'

export interface Case {
  readonly key: string
  /** By the server's clock, as every moment of a check. */
  readonly openedAt: number
  readonly bay: string
  /** The waybill's code, or its number. */
  readonly text: string
  readonly typed: boolean
  /** As far as it is known: by the signed code, the arrivals kept, or the server. */
  readonly waybillId: string | null
  readonly revision: number | null
  /** The server's check; `null` until it is known. */
  readonly serverId: string | null
  /** What is expected, as it was known when the check began. */
  readonly arrival: WireArrival | null
  /** How the check stood by the server's last answer. */
  readonly server: WireCheck | null
  readonly phase: 'before_loading' | 'after_loading' | 'over'
  readonly last: LastResult | null
  readonly verdict: Verdict | null
  /** What each side decided, where both did. */
  readonly verdicts: { readonly tablet: Verdict | null; readonly server: Verdict | null }
  /** Steps that had passed when it was refused: they are not asked again. */
  readonly kept: readonly StepKind[]
  /** Numbers of the records that tell of it. */
  readonly records: readonly string[]
  readonly releaseCode: string | null
  readonly contradiction: Words | null
  /** Where people settle it. */
  readonly caseAddress: string | null
  readonly answers: Readonly<Record<string, 'yes' | 'no' | 'not_applicable'>>
  readonly controls: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  /** What photos were taken of, and their SHA-256. */
  readonly shown: readonly string[]
  readonly pictures: readonly string[]
  /** A refused check of the same waybill that was begun elsewhere, until it is said whether to go on with it. */
  readonly earlier?: WireCheck | null
  /** What was shown before is the server's alone: without it this tablet cannot say how it stands. */
  readonly begunElsewhere?: boolean
  /** What of all that is in so far would keep it from being released. */
  readonly against?: readonly Reason[]
  /** How often something was heard of it from the server: an answer asked for before another came may be the older one. */
  readonly heard?: number
}

/** Whether nothing can be done in it any more, as the server last said. */
export function isEndedThere({ server }: Case): boolean {
  return server?.summary.status === 'aborted' || server?.summary.status === 'released'
}

/** The check with one thing more that was heard of it. */
export function heardAgain(held: Case): Case {
  return { ...held, heard: (held.heard ?? 0) + 1 }
}
