/** The eyes as the screens use them: one place that hears scanners and pasted codes for all. */

import { type Reading, createCamera, listenToPaste, listenToWedge, readClipboard, readPicture, toPhoto } from '../eyes'
import type { Eyes } from './hands'

type Listener = (reading: Reading) => void

export function createEyes(): Eyes {
  // The first hears: those who ask for a particular code stand before those who take any.
  const asking: Listener[] = []
  const taking: Listener[] = []
  const hear = (reading: Reading): void => (asking.at(-1) ?? taking.at(-1))?.(reading)
  listenToWedge(document, hear)
  listenToPaste(document, hear)
  return {
    camera: createCamera(),
    listen: (listener, asks) => {
      const place = asks ? asking : taking
      place.push(listener)
      return () => void place.splice(place.indexOf(listener), 1)
    },
    readPicture: async (picture) => (await readPicture(picture))[0] ?? null,
    paste: readClipboard,
    toPhoto,
  }
}
