/** This tablet: who holds it, what it keeps and sends, and how it is. */

import type { Words } from './words'

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
