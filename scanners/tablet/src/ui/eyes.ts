/** The eyes as the screens use them: one place that hears scanners and pasted codes for all. */

import { createCamera, listenToPaste, listenToWedge, readClipboard, readPicture, toPhoto } from '../eyes'
import type { Eyes } from './hands'
import { createListeners } from './listeners'

export function createEyes(): Eyes {
  const { listen, hear } = createListeners()
  listenToWedge(document, hear)
  listenToPaste(document, hear)
  return {
    camera: createCamera(),
    listen,
    hear,
    readPicture: async (picture) => (await readPicture(picture))[0] ?? null,
    paste: readClipboard,
    toPhoto,
  }
}
