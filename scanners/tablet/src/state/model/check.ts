/** One check, from the waybill to the release, and the arrivals that it begins with. */

import type { Asked, AskedPhoto, ControlQuestion, LastResult, PresencePoint, Step, StepKind } from './asked'
import type { BayPlan, Earlier, UnderWay } from './loading'
import type { GoodsLine, Plate, Signs } from './vehicle'
import type { Reason, Standing, Words } from './words'

export type VerdictWord =
  /** 准装 */ | 'cleared'
  /** 不准装 */ | 'refused'
  /** 未能核实（不得装车） */ | 'not_proven'
  /** 放行 */ | 'released'
  /** 不放行 */ | 'release_refused'
  /** 已记录，等待服务器放行 */ | 'release_waiting'

export interface Verdict {
  readonly word: VerdictWord
  readonly at: number
  readonly judgedBy: 'server' | 'tablet'
  readonly reasons: readonly Reason[]
}

/** One check, from the waybill's code to the release. */
export interface Check {
  readonly key: string
  readonly training: boolean
  readonly number: string
  readonly revision: number | null
  readonly tractor: Plate | null
  readonly trailer: Plate | null
  readonly goods: readonly GoodsLine[]
  readonly phase: 'before_loading' | 'after_loading' | 'over'
  readonly steps: readonly Step[]
  readonly questions: readonly Asked[]
  readonly photos: readonly AskedPhoto[]
  readonly control: readonly ControlQuestion[]
  readonly presencePoints: readonly PresencePoint[]
  readonly signs: Signs
  readonly last: LastResult | null
  /** Whether a decision now would clear, as far as is known here. */
  readonly wouldClear: boolean
  /** Why it would not yet: the needed steps that are not passed, in their order. */
  readonly missing: readonly StepKind[]
  readonly verdict: Verdict | null
  readonly offline: boolean
  /** Acts of this check that the server does not have yet. */
  readonly unsent: number
  /** The release code as the text of a QR code, once released. */
  readonly releaseCode: string | null
  /** Where the slip can be printed from, once there is a verdict and a network. */
  readonly slipAddress: string | null
  /** The check is done elsewhere or contradicted: what the other side says. */
  readonly contradiction: Words | null
  /** Between clearance and release, where it may be loaded at several bays; `null` otherwise. */
  readonly bays: BayPlan | null
  /** Asked once, when the check is opened: whether to go on with what another tablet began. */
  readonly earlier: Earlier | null
}

export interface Arrival {
  readonly waybillId: string
  readonly number: string
  readonly tractor: Plate | null
  readonly trailer: Plate | null
  readonly goods: readonly GoodsLine[]
  readonly carrier: string
  readonly expectedAt: number | null
  readonly status: 'issued' | 'cleared' | 'released' | 'refused' | 'cancelled'
  /** How it was judged before it came: `passed`, or what already stands against it. */
  readonly readiness: Standing
  readonly reasons: readonly Reason[]
  /** Key of a check of it that is going on at this tablet. */
  readonly checkKey: string | null
  /** It is cleared and being loaded here or at another bay, which any bay can go on with. */
  readonly underWay: UnderWay | null
}
