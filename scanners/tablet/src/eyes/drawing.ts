/** Pictures to pixels, at the sizes and angles at which codes are looked for. Runs in the worker. */

import { contrasted, sharpened } from './pixels'
import type { Crop } from './scheduling'

const WORKING_SIDE = 2000
/** Up to this size, more pixels a module help more than they cost. */
const SMALL_SIDE = 1400
/** More pixels than that and a cheap tablet has no memory for them. */
const LARGEST_SIDE = 4000
const SKEW_DEGREES: readonly number[] = [30, 60]

let canvas: OffscreenCanvas | null = null

/** A canvas of this size, the last one used again, empty and white. */
function paper(width: number, height: number): OffscreenCanvasRenderingContext2D {
  canvas ??= new OffscreenCanvas(width, height)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  const pen = canvas.getContext('2d', { alpha: false, willReadFrequently: true })
  if (!pen) throw new Error('no canvas')
  pen.resetTransform()
  pen.imageSmoothingQuality = 'medium'
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, width, height)
  return pen
}

/** The part of a picture that a look takes. */
export function drawn(picture: CanvasImageSource, { from, width, height }: Crop): ImageData {
  const pen = paper(width, height)
  pen.drawImage(picture, from.x, from.y, from.width, from.height, 0, 0, width, height)
  return pen.getImageData(0, 0, width, height)
}

/** What to look at in a picture file: as it is, contrasted, resized, sharpened, turned, and whole. */
export function* attempts(picture: ImageBitmap): Generator<ImageData> {
  const longest = Math.max(picture.width, picture.height)
  const working = Math.min(1, WORKING_SIDE / longest)
  yield scaled(picture, working)
  yield contrasted(scaled(picture, working))
  const other = working * (longest <= SMALL_SIDE ? 2 : 0.5)
  yield contrasted(scaled(picture, other))
  yield sharpened(scaled(picture, Math.max(working, other)))
  for (const degrees of SKEW_DEGREES) yield contrasted(turned(picture, working, degrees))
  if (working < 1) yield scaled(picture, Math.min(1, LARGEST_SIDE / longest))
}

function scaled(picture: ImageBitmap, scale: number): ImageData {
  const width = Math.max(1, Math.round(picture.width * scale))
  const height = Math.max(1, Math.round(picture.height * scale))
  return drawn(picture, { from: { x: 0, y: 0, width: picture.width, height: picture.height }, width, height })
}

function turned(picture: ImageBitmap, scale: number, degrees: number): ImageData {
  const angle = (degrees * Math.PI) / 180
  const [across, along] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))]
  const width = Math.ceil(scale * (picture.width * across + picture.height * along))
  const height = Math.ceil(scale * (picture.width * along + picture.height * across))
  const pen = paper(width, height)
  pen.translate(width / 2, height / 2)
  pen.rotate(angle)
  pen.scale(scale, scale)
  pen.drawImage(picture, -picture.width / 2, -picture.height / 2)
  return pen.getImageData(0, 0, width, height)
}
