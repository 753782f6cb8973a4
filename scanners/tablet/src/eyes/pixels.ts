/** What is done to pixels before a code is looked for in them. All of it ends in grey. */

/** Share of pixels at either end that may become plain black and white. */
const CUT_OFF = 0.02
/** Reach of what counts as around a pixel, and how much a pixel is set off against it. */
const REACH = 5
const STRENGTH = 4

/** The same pixels, stretched so that the darkest are black and the lightest white. */
export function contrasted(pixels: ImageData): ImageData {
  const greys = greysOf(pixels)
  const counts = new Uint32Array(256)
  for (const grey of greys) counts[grey]! += 1
  const [low, high] = ends(counts, greys.length * CUT_OFF)
  const stretch = 255 / Math.max(1, high - low)
  return written(pixels, (at) => (greys[at]! - low) * stretch)
}

/** The same pixels, each set off against what is around it: an unsharp mask. */
export function sharpened(pixels: ImageData): ImageData {
  const { width, height } = pixels
  const greys = greysOf(pixels)
  const around = blurred(blurred(greys, width, height), height, width)
  return written(pixels, (at) => greys[at]! + STRENGTH * (greys[at]! - around[at]!))
}

function greysOf({ data }: ImageData): Uint8ClampedArray {
  const greys = new Uint8ClampedArray(data.length / 4)
  for (let at = 0; at < greys.length; at += 1) {
    const pixel = at * 4
    greys[at] = (306 * data[pixel]! + 601 * data[pixel + 1]! + 117 * data[pixel + 2]! + 512) >> 10
  }
  return greys
}

function written(pixels: ImageData, grey: (at: number) => number): ImageData {
  const { data } = pixels
  for (let at = 0; at < data.length / 4; at += 1) {
    const pixel = at * 4
    data[pixel] = data[pixel + 1] = data[pixel + 2] = grey(at)
  }
  return pixels
}

/** The shades below and above which `allowed` pixels lie. */
function ends(counts: Uint32Array, allowed: number): [number, number] {
  let [low, high] = [0, 255]
  for (let left = allowed - counts[low]!; left >= 0 && low < 255; left -= counts[low]!) low += 1
  for (let left = allowed - counts[high]!; left >= 0 && high > low; left -= counts[high]!) high -= 1
  return [low, high]
}

/** The mean along each row, and rows turned into columns, so that twice is both ways and upright. */
function blurred(greys: Uint8ClampedArray, width: number, height: number): Uint8ClampedArray {
  const means = new Uint8ClampedArray(greys.length)
  for (let row = 0; row < height; row += 1) {
    const first = row * width
    const last = first + width - 1
    // Beyond its ends a row goes on as it ends.
    let sum = (REACH + 1) * greys[first]!
    for (let ahead = 1; ahead <= REACH; ahead += 1) sum += greys[Math.min(last, first + ahead)]!
    for (let column = 0; column < width; column += 1) {
      means[column * height + row] = sum / (2 * REACH + 1)
      sum += greys[Math.min(last, first + column + REACH + 1)]!
      sum -= greys[Math.max(first, first + column - REACH)]!
    }
  }
  return means
}
