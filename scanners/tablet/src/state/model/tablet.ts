/** What the screens may do. */

import type { ReadonlySignal } from '@preact/signals'
import type { CrewRole, How, ScanKind } from './asked'
import type { Arrival, Check } from './check'
import type { Device, Health, Kept, Person, Sending, Settings, Stage } from './device'
import type { Loading, Part } from './loading'
import type { Plate, Unit } from './vehicle'

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
