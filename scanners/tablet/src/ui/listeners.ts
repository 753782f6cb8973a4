/** Who hears a code: of several screens that listen, one. */

import type { Reading } from '../eyes'

export type Listener = (reading: Reading) => void

export interface Listeners {
  /**
   * Returns how to stop. Whoever asks for a particular code goes before whoever takes any. A screen
   * listens before it is painted (`useLayoutEffect`): a code that follows it at once is its own.
   */
  readonly listen: (listener: Listener, asks?: 'asks') => () => void
  readonly hear: Listener
}

export function createListeners(): Listeners {
  const asking: Listener[] = []
  const taking: Listener[] = []
  return {
    hear: (reading) => (asking.at(-1) ?? taking.at(-1))?.(reading),
    listen: (listener, asks) => {
      const place = asks ? asking : taking
      place.push(listener)
      return () => {
        const at = place.indexOf(listener)
        if (at >= 0) place.splice(at, 1)
      }
    },
  }
}
