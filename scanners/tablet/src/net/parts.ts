/** What the sender works with. */

import type { Act } from '../state/acts'
import type { Journal, Written } from '../state/journal'
import type { Taking } from '../state/recording'
import type { Api } from './api'
import type { Lock } from './locks'
import type { Tokens } from './tokens'

export interface SenderParts {
  readonly journal: Journal
  readonly api: Api
  readonly tokens: Tokens
  readonly lock: Lock
  /** Now by the server's clock. */
  readonly moment: () => number
  /** Make a check's unsent acts into a record: the ordinary way is closed to them. */
  readonly convert: (check: string, taking: Taking) => Promise<void>
  /** The act as it must go, with what is known by now. */
  readonly freshen: (act: Written) => Promise<Written>
  /** The session in which whoever did an act has signed on since; `null` where there is none. */
  readonly sessionAnew: (act: Act) => string | null
  /** Resolves when nobody is signing on any more. */
  readonly signingOn: () => Promise<unknown>
  readonly onAnswered: (act: Written) => void
  /** Ask how a check stands, as what is known of it may be behind. */
  readonly look: (check: string) => void
  /** The server has revoked this tablet, or knows nothing of it. */
  readonly onDeviceOver: (code: string) => Promise<void>
  /** Whether it was revoked: then records alone are sent, and each once. */
  readonly isOver: () => boolean
  /** All has gone that could. */
  readonly onDrained: () => Promise<void>
}
