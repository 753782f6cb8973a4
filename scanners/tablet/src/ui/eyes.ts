/** The eyes as the screens use them: one place that hears scanners and pasted codes for all. */

import { createCamera, listenToPaste, listenToWedge, readClipboard, readPicture, type ServerReading, toPhoto } from '../eyes'
import type { Eyes } from './hands'
import { createListeners } from './listeners'

/** `onServer` reads what this tablet finds nothing in. */
export function createEyes(onServer: ServerReading): Eyes {
  const { listen, hear } = createListeners()
  listenToWedge(document, hear)
  listenToPaste(document, hear, onServer)
  return {
    camera: createCamera(),
    listen,
    hear,
    readPicture: async (picture) => (await readPicture(picture, onServer))[0] ?? null,
    paste: readClipboard,
    toPhoto,
  }
}
