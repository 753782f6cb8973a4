/** The worker: one question at a time, in the order they come. */

/// <reference lib="webworker" />
import { decode, prepareDecoding, type Code } from './decoding'
import { attempts, drawn } from './drawing'
import { sharpened } from './pixels'
import { crop, type Look } from './scheduling'

/** What is asked: get ready, look at a camera's frame, or read a picture file. */
export type Question =
  | { readonly kind: 'ready' }
  | { readonly kind: 'frame'; readonly frame: VideoFrame | ImageBitmap; readonly look: Look }
  | { readonly kind: 'picture'; readonly picture: ImageBitmap }

export interface Asked {
  readonly id: number
  readonly question: Question
}

export type Answer =
  | { readonly id: number; readonly codes: readonly Code[]; readonly tookMs: number }
  | { readonly id: number; readonly error: string }

async function answer(question: Question): Promise<readonly Code[]> {
  switch (question.kind) {
    case 'ready':
      await prepareDecoding()
      return []
    case 'frame':
      return await readFrame(question.frame, question.look)
    case 'picture':
      return await readPicture(question.picture)
  }
}

async function readFrame(frame: VideoFrame | ImageBitmap, look: Look): Promise<readonly Code[]> {
  try {
    const [width, height] =
      'displayWidth' in frame
        ? [frame.displayWidth, frame.displayHeight]
        : [frame.width, frame.height]
    const pixels = drawn(frame, crop(width, height, look))
    return await decode(look.sharpened ? sharpened(pixels) : pixels, look)
  } finally {
    // A frame that is kept stops the camera.
    frame.close()
  }
}

/** From cheap and likely to costly and rare; the first attempt that finds anything is the last. */
async function readPicture(picture: ImageBitmap): Promise<readonly Code[]> {
  try {
    for (const pixels of attempts(picture)) {
      const codes = await decode(pixels)
      if (codes.length) return codes
    }
    return []
  } finally {
    picture.close()
  }
}

const scope = self as unknown as DedicatedWorkerGlobalScope

scope.addEventListener('message', (event: MessageEvent<Asked>) => {
  const { id, question } = event.data
  const began = performance.now()
  const reply = (given: Answer) => scope.postMessage(given)
  answer(question).then(
    (codes) => reply({ id, codes, tookMs: performance.now() - began }),
    (error: unknown) => reply({ id, error: String(error) }),
  )
})
