/** Pictures: one that is kept as a photo, and one in which a code is looked for. */

import type { Reading } from './index'
import { withoutMetadata } from './jpeg'
import { codeReader } from './reader'

export const LONGEST_SIDE = 1600
const QUALITY = 0.85
/** A server sees more than a worker in a large picture, and takes no more than eight million bytes. */
const SENT_SIDE = 3000

/** The file is no picture that this browser knows, or a damaged one. */
export class PictureError extends Error {
  readonly code = 'not_a_picture'
}

/** Reads a picture on the server: `POST /api/v1/pictures`, the texts of its answer. */
export type ServerReading = (picture: Blob) => Promise<readonly string[]>

/**
 * Every code in a picture file; none is an empty list. Where this tablet finds none, the server is
 * asked with a copy without metadata; whether that can be reached is no matter of this function:
 * a rejection means that nothing was found.
 *
 * @throws PictureError
 */
export async function readPicture(file: Blob, onServer?: ServerReading): Promise<readonly Reading[]> {
  const { codes } = await codeReader()
    .read(await decoded(file))
    .catch(() => ({ codes: [] }))
  if (codes.length || !onServer) return codes.map((code) => ({ ...code, through: 'picture' }))
  const texts = await onServer(await shrunk(await decoded(file), SENT_SIDE)).catch(() => [])
  return texts.map((text) => ({ text, format: '', through: 'picture' }))
}

/**
 * A file as a photo to keep: at most 1600 px, JPEG, upright, without metadata (place, device, time).
 *
 * @throws PictureError
 */
export async function toPhoto(file: Blob): Promise<Blob> {
  return await shrunk(await decoded(file), LONGEST_SIDE)
}

/** What an element or bitmap shows, as a JPEG with nothing but pixels in it. The source is closed. */
export async function shrunk(picture: ImageBitmap, longest: number): Promise<Blob> {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
  const width = Math.max(1, Math.round(picture.width * scale))
  const height = Math.max(1, Math.round(picture.height * scale))
  const canvas = new OffscreenCanvas(width, height)
  const pen = canvas.getContext('2d', { alpha: false })
  if (!pen) throw new Error('no canvas')
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, width, height)
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(picture, 0, 0, width, height)
  picture.close()
  const written = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })
  // Browsers write the screen's colour profile into it.
  const file = new Uint8Array(await written.arrayBuffer())
  return new Blob(withoutMetadata(file), { type: 'image/jpeg' })
}

/** The pixels of a file, upright as its metadata says. */
async function decoded(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    throw new PictureError('not a picture')
  }
}
