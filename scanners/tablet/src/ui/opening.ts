/** Codes on the list of arrivals: one opens a check, and what follows it at once belongs to that check. */

import type { Reading } from '../eyes'
import type { How, Tablet } from '../state/model'

export interface Opening {
  /** Whether a check is being opened. A code given then is shown in it, once it is open. */
  readonly follows: (reading: Reading) => boolean
  /** Open a check. Rejects as opening does; what followed is let go then. */
  readonly open: (text: string, how: How) => Promise<void>
}

export function createOpening(tablet: Pick<Tablet, 'open' | 'show'>): Opening {
  let following: Reading[] | null = null
  return {
    follows: (reading) => {
      following?.push(reading)
      return following !== null
    },
    open: async (first, how) => {
      following = []
      const shown = following
      try {
        await tablet.open(first, how)
      } finally {
        following = null
      }
      for (const { text, through } of shown) {
        // What is wrong with one is said by the check itself.
        if (text !== first) await tablet.show(text, through, null).catch(() => undefined)
      }
    },
  }
}
