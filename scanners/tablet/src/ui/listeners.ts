/** Who hears a code: of several screens that listen, one. */

import { type Reading, Repeats } from '../eyes'

export type Listener = (reading: Reading) => void

export interface Listeners {
  /**
   * Returns how to stop. Whoever asks for a particular code goes before whoever takes any. A screen
   * listens before it is painted (`useLayoutEffect`): a code that follows it at once is its own.
   */
  readonly listen: (listener: Listener, asks?: 'asks') => () => void
  /** A scanner that reads twice at once is heard once, by each who listens: another screen has heard nothing yet. */
  readonly hear: Listener
}

export function createListeners(): Listeners {
  const asking: Listener[] = []
  const taking: Listener[] = []
  const repeats = new Repeats()
  let last: Listener | undefined
  return {
    hear: (reading) => {
      const listener = asking.at(-1) ?? taking.at(-1)
      if (listener !== last) repeats.forget()
      last = listener
      if (reading.through !== 'wedge' || repeats.isNew(reading.text, performance.now())) listener?.(reading)
    },
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
