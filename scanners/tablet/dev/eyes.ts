/**
 * A page with nothing but eyes, for trying them and for the browser tests. Not part of the product:
 * `npx vite build --config dev/vite.config.ts` builds it, with the very worker that the product has.
 */

import {
  createCamera, listenToPaste, listenToWedge, readPicture, toPhoto, type CameraState, type Reading,
} from '../src/eyes'
import { codeReader } from '../src/eyes/reader'
import { LOOKS, type Look } from '../src/eyes/scheduling'

export interface Looked {
  readonly look: number
  readonly texts: readonly string[]
  readonly tookMs: number
}

async function bitmap(address: string): Promise<ImageBitmap> {
  return await createImageBitmap(await (await fetch(address)).blob())
}

async function take(address: string, look: Look, index: number): Promise<Looked> {
  const { codes, tookMs } = await codeReader().look(await bitmap(address), look)
  return { look: index, texts: codes.map(({ text }) => text), tookMs }
}

const states: CameraState[] = []
const readings: Reading[] = []
const submitted: string[] = []
const camera = createCamera()
camera.onState((state) => states.push(state))
camera.onReading((reading) => readings.push(reading))
listenToWedge(document, (reading) => readings.push(reading))
listenToPaste(document, (reading) => readings.push(reading))
document.getElementById('button')?.addEventListener('click', () => submitted.push('click'))
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Enter') submitted.push('enter')
})

const eyes = {
  states,
  readings,
  submitted,
  camera,
  video: document.getElementById('video') as HTMLVideoElement,
  toPhoto,
  readPicture,
  async bytesOf(picture: Promise<Blob>): Promise<readonly number[]> {
    return [...new Uint8Array(await (await picture).arrayBuffer())]
  },
  /** What each look finds in a picture, and how long it takes. */
  async takeAll(address: string): Promise<readonly Looked[]> {
    const turns: Looked[] = []
    for (const [index, look] of LOOKS.entries()) turns.push(await take(address, look, index))
    return turns
  },
  /** Looks at one picture as the camera does, until a look finds a code or all have had their turn. */
  async takeTurns(address: string): Promise<readonly Looked[]> {
    const turns: Looked[] = []
    for (const [index, look] of LOOKS.entries()) {
      const looked = await take(address, look, index)
      turns.push(looked)
      if (looked.texts.length) break
    }
    return turns
  },
}

declare global {
  interface Window {
    eyes: typeof eyes
  }
}

window.eyes = eyes
