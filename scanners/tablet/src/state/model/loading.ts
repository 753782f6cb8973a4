/** What went in: the record of a load, at one bay or at several in turn. */

import type { Asked, StepKind } from './asked'
import type { Reason } from './words'

export interface LoadedLine {
  readonly position: number
  readonly quantityKg: string
  readonly quantityL: string | null
  readonly temperatureC: string | null
  readonly densityKgL: string | null
  /** Why it is less than planned; empty where it is not. */
  readonly shortReason: string
}

export interface Loading {
  readonly lines: readonly LoadedLine[]
  /** By the server's clock, as a verdict's moment is. */
  readonly startedAt: number
  readonly finishedAt: number
  readonly grossMassKg: string | null
  readonly seals: readonly string[]
  readonly noSealReason: string
}

export interface Bay {
  readonly id: string
  readonly name: string
}

/** What became of one goods line. */
export interface PlannedLine {
  readonly position: number
  /** Where it went in; `null`: nothing is recorded of it yet. */
  readonly bay: Bay | null
  readonly loaded: LoadedLine | null
  /** Recorded at this tablet, and not at the server yet. */
  readonly waiting: boolean
}

/** A trip that is loaded at several bays in turn, as this bay sees it. */
export interface BayPlan {
  readonly here: Bay
  /** Where it was checked: the list before loading was seen there. */
  readonly checkedAt: Bay
  /** Nothing goes in before the list was seen here and the server knows it. */
  readonly arrival: 'here' | 'waiting' | 'needed'
  readonly arrivedAt: number | null
  /** What is seen anew at each further bay. */
  readonly closingList: readonly Asked[]
  readonly lines: readonly PlannedLine[]
  /** Seals that were set here and recorded. */
  readonly seals: readonly string[]
  /** The facility's other bays. */
  readonly others: readonly Bay[]
  /** Where it was said to go on to, with the last part. */
  readonly nextBay: Bay | null
  /** What of all that is in so far would keep it from being released. */
  readonly reasons: readonly Reason[]
}

/** What goes in at this bay, while other lines are still to come. */
export interface Part {
  readonly lines: readonly LoadedLine[]
  readonly startedAt: number
  readonly finishedAt: number
  readonly seals: readonly string[]
  readonly nextBay: string | null
}

/** A trip that a bay of this facility has cleared and nobody has released. */
export interface UnderWay {
  readonly checkId: string
  readonly bay: Bay
  readonly nextBay: Bay | null
  /** Goods lines that are still to come. */
  readonly left: number
  /** Whether it was said to come to this bay. */
  readonly comesHere: boolean
}

/** A refused check of the same waybill, begun elsewhere, that can be gone on with. */
export interface Earlier {
  readonly refusedAt: number
  /** Why it was refused. */
  readonly reasons: readonly Reason[]
  /** Steps of which nothing has to be shown again. */
  readonly standing: readonly StepKind[]
  /** `outdated` was seen too long ago to count. */
  readonly again: readonly { readonly kind: StepKind; readonly why: 'missing' | 'failed' | 'unknown' | 'outdated' }[]
}
