/**
 * What the screens see and may do: the contract between the tablet's screens and everything behind
 * them. Screens read signals and call these functions; they know no network, no storage, no keys.
 *
 * Every act answers at once with what is known, whether the network is there or not. A promise that
 * resolves means "kept on this tablet, never lost"; whether the server has it is said by `sending`.
 * An act that cannot be done rejects with a `Refusal`, whose words can be shown as they are.
 */

import type { ReadonlySignal } from '@preact/signals'
import type { BayPlan, Earlier, Part, UnderWay } from './model_bays'

export type { Bay, BayPlan, Earlier, Part, PlannedLine, UnderWay } from './model_bays'

export interface Words {
  readonly zh: string
  readonly en: string
}

/** How something stands. `missing` waits for somebody, `unknown` was shown and is not proven. */
export type Standing = 'passed' | 'failed' | 'unknown' | 'missing'

export type Unit = 'tractor' | 'trailer'
export type CrewRole = 'driver' | 'escort' | 'supervisor'
export type ScanKind =
  | 'waybill' | 'vehicle' | 'trailer' | 'driver' | 'escort' | 'supervisor' | 'tank' | 'document'
export type StepKind =
  | 'waybill' | 'vehicle' | 'trailer' | 'tank' | 'driver' | 'escort' | 'supervisor' | 'plate'
  | 'trailer_plate' | 'goods' | 'signs' | 'closing_list' | 'papers' | 'plant_items'

export interface Plate {
  readonly plate: string
  readonly colour: 'yellow' | 'blue' | 'green' | 'yellow_green' | 'white' | 'black'
}

/** One reason: what is wrong, the article, and how to cure it and by whom. */
export interface Reason {
  readonly code: string
  readonly severity: 'STOP' | 'WARN' | 'INFO'
  readonly outcome: 'passed' | 'failed' | 'unknown' | 'not_applicable'
  readonly title: Words
  readonly seen: Words
  readonly needed: Words
  readonly cure: Words
  readonly basis: Words
}

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

export interface Person {
  readonly userId: string
  /** Account name; no personal data. */
  readonly label: string
  readonly role: string
}

export interface Device {
  readonly id: string
  readonly label: string
  readonly facility: Words
  readonly bays: readonly { readonly id: string; readonly name: string }[]
}

export type Stage =
  /** Not known to any installation yet: a one-time code is asked for. */ | 'enrol'
  /** Revoked: nothing can be done and nothing readable is left here. */ | 'revoked'
  /** Enrolled, and the server knows nothing of it: all is kept, and it is enrolled again. */ | 'unknown'
  /** Enrolled, no bay chosen. */ | 'bay'
  /** Nobody signed on. */ | 'sign_on'
  /** Somebody is signed on and the screen is locked: PIN. */ | 'locked'
  | 'arrivals'
  | 'check'

export interface Sending {
  readonly online: boolean
  /** Acts and photos that wait. */
  readonly unsent: number
  readonly unsentPhotos: number
  readonly sendingNow: boolean
  /** When the server last answered. */
  readonly lastContactAt: number | null
  /** Each thing that waits, oldest first, so that people can see it. */
  readonly items: readonly { readonly id: string; readonly what: Words; readonly at: number; readonly tries: number; readonly problem: Words | null }[]
  /** Records that the server judged otherwise than this tablet: for people to settle. */
  readonly contradicted: readonly { readonly number: string; readonly words: Words; readonly caseAddress: string | null }[]
}

export interface Kept {
  /** Age of what is kept, each in milliseconds since the epoch; `null` where nothing is kept. */
  readonly arrivalsAt: number | null
  readonly trustAt: number | null
  readonly revocationsAt: number | null
  /** Until when pre-cleared verdicts may be used without network. */
  readonly goodUntil: number | null
  readonly stale: boolean
}

export interface Health {
  /** Device clock minus server clock, `null` where never compared. */
  readonly clockOffsetMs: number | null
  /** Off by more than a minute and a half. */
  readonly clockWrong: boolean
  readonly storageUsed: number | null
  readonly storageQuota: number | null
  /** Less than a day's work of room is left, or writing failed. */
  readonly storageTight: boolean
  readonly version: string
  /** A newer version is ready; it is taken when nothing is unsent and no check is open. */
  readonly updateWaiting: boolean
}

export interface Settings {
  readonly language: 'zh' | 'en'
  readonly theme: 'light' | 'dark' | 'sunlight'
  /** 1, 1.25, 1.5 */
  readonly textScale: number
  readonly sound: boolean
  readonly vibration: boolean
  /** The camera that was chosen, by its device id. */
  readonly camera: string | null
}

/** What was given in through which door. */
export type How = 'camera' | 'wedge' | 'typed' | 'pasted' | 'picture'

export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly words: Words,
    readonly nextStep: Words | null = null,
    /** Field messages by JSON Pointer, where a form was refused. */
    readonly fields: Readonly<Record<string, Words>> = {},
  ) {
    super(words.en)
  }
}

export interface Tablet {
  readonly stage: ReadonlySignal<Stage>
  readonly device: ReadonlySignal<Device | null>
  readonly bay: ReadonlySignal<{ readonly id: string; readonly name: string } | null>
  readonly person: ReadonlySignal<Person | null>
  /** Those who signed on today and may unlock with their PIN alone. */
  readonly people: ReadonlySignal<readonly Person[]>
  readonly arrivals: ReadonlySignal<readonly Arrival[]>
  readonly checks: ReadonlySignal<readonly Check[]>
  readonly check: ReadonlySignal<Check | null>
  readonly sending: ReadonlySignal<Sending>
  readonly kept: ReadonlySignal<Kept>
  readonly health: ReadonlySignal<Health>
  readonly settings: ReadonlySignal<Settings>
  readonly training: ReadonlySignal<boolean>
  /** True while an act waits for its first answer (kept already). */
  readonly busy: ReadonlySignal<boolean>

  enrol(code: string): Promise<void>
  chooseBay(id: string): Promise<void>
  changeBay(): void
  signOn(badge: string, pin: string): Promise<void>
  lock(): void
  unlock(userId: string, pin: string): Promise<void>
  signOff(): Promise<void>
  change(settings: Partial<Settings>): void

  refresh(): Promise<void>
  sendNow(): Promise<void>
  takeUpdate(): Promise<void>

  /** Open a check with a waybill's code or number. */
  open(text: string, how: How): Promise<void>
  resume(key: string): void
  leave(): void
  /** Any code in any order; a badge, tag or waybill is known by its text. `expected` names plain numbers. */
  show(text: string, how: How, expected: ScanKind | null, photo?: Blob): Promise<void>
  seePlate(unit: Unit, plate: Plate, how: 'typed' | 'photo', photo?: Blob): Promise<void>
  seePerson(role: CrewRole, present: boolean): Promise<void>
  answer(questionId: string, answer: 'yes' | 'no' | 'not_applicable', note?: string): Promise<void>
  takePhoto(shows: string, picture: Blob): Promise<void>
  answerControl(id: string, value: string): Promise<void>
  /** Let an item of the plant pass: the second person signs on with badge and PIN. */
  letPass(questionId: string, reason: string, second: { badge: string; pin: string }): Promise<void>
  /** The supervisor's consent by own badge and PIN. */
  consent(badge: string, pin: string): Promise<void>
  decide(): Promise<void>
  /** After a refusal: go on with the check, only what changed is asked again. */
  recheck(): Promise<void>
  enterLoading(loading: Loading): Promise<void>
  /** Go on at this bay with a trip that another one has cleared. */
  takeOver(checkId: string): Promise<void>
  /** The vehicle stands at this bay, and everything of its list was seen here. */
  arriveHere(confirmed: readonly string[]): Promise<void>
  /** Record what went in here; with a next bay it is that one's then. */
  recordPart(part: Part): Promise<void>
  /** Go on with the refused check that was begun elsewhere, or begin anew. */
  goOnWithEarlier(): Promise<void>
  beginAnew(): Promise<void>
  /** The texts of the codes of a picture, read by the server. */
  readPicture(picture: Blob): Promise<readonly string[]>
  abort(reason: string): Promise<void>

  startTraining(): void
  endTraining(): void
}
