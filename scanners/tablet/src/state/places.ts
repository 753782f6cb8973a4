/** What stands in the store's places, beside checks and acts. */

import type { PublicJwk } from '../core/record'
import type { Verifier } from '../core/verifier'
import type { Settings } from './model'

/** Place `device`, key `device`: open, since keys cannot be turned into bytes. */
export interface DeviceRow {
  readonly id: string
  readonly label: string
  readonly facility: { readonly zh: string; readonly en: string }
  readonly bays: readonly { readonly id: string; readonly name: string }[]
  /** Before the numbers of records. */
  readonly prefix: string
  /** The number that the next record takes. */
  readonly nextNumber: number
  readonly key: CryptoKey
  /** Of that key, to enrol as the same tablet again; absent where it was enrolled before this was kept. */
  readonly publicKey?: PublicJwk
  readonly vaultKey: CryptoKey
  readonly bay: string | null
  /** Device clock minus server clock. */
  readonly offset: number | null
  /** The latest moment that was noticed here, by the server's clock: one that stands before it was set back. */
  readonly latest?: number
  /** Who holds the tablet now. */
  readonly person: string | null
  readonly locked: boolean
}

/** Place `device`, key `settings`. */
export type SettingsRow = Settings & {
  readonly revoked?: boolean
  /** The server knows nothing of this tablet: what it holds is kept for when it is enrolled again. */
  readonly unknown?: boolean
}

/** Place `people`, by account. */
export interface PersonRow {
  readonly userId: string
  readonly label: string
  readonly role: string
  readonly session: string
  readonly signedOnAt: number
  /** Until when the PIN alone unlocks, by this device's clock. */
  readonly goodUntil: number
  readonly pin: Verifier
  readonly badge: Verifier
  readonly wrong: number
}

export const FIRST_SETTINGS: Settings = {
  language: 'zh',
  theme: 'light',
  textScale: 1,
  sound: true,
  vibration: true,
  camera: null,
}
