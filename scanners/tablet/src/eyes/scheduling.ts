/**
 * How a camera's picture is looked at: which part, how large and how hard, and how often.
 *
 * One look at everything, as hard as can be, costs a cheap tablet a quarter of a second and finds
 * what three cheap looks at different things find sooner. So looks take turns: most are cheap, each
 * hard one comes round, and between two the processor rests as long as the look took.
 */

export interface Look {
  /** Three quarters of the square in the middle, where people aim; that square; the whole picture. */
  readonly part: 'heart' | 'middle' | 'whole'
  /** Longest side of what is looked at, in pixels; larger pictures are shrunk to it. */
  readonly side: number
  /** Twice as large, but for `side`: small modules, grain and dusk. */
  readonly enlarged: boolean
  /** Edges drawn over: out of focus, or moved. */
  readonly sharpened: boolean
  readonly harder: boolean
  /** Light modules on dark ground: engraved plates and screens in dark mode. */
  readonly inverted: boolean
  /** Linear codes that stand upright; square codes are found at any angle. */
  readonly turned: boolean
}

const look = (part: Look['part'], side: number, how: Partial<Look> = {}): Look => ({
  part,
  side,
  enlarged: false,
  sharpened: false,
  harder: false,
  inverted: false,
  turned: false,
  ...how,
})

export const LOOKS: readonly Look[] = [
  look('middle', 720),
  look('whole', 960),
  look('heart', 1600, { enlarged: true, harder: true }),
  look('middle', 1080, { harder: true }),
  look('whole', 1920, { harder: true }),
  look('heart', 1600, { enlarged: true, sharpened: true, harder: true }),
  look('whole', 960, { harder: true, inverted: true, turned: true }),
]

/** Beginnings of two looks are at least this far apart: twelve a second. */
export const SHORTEST_INTERVAL_MS = 80
/** After so long without a code nobody is aiming: four looks a second will do. */
export const QUIET_AFTER_MS = 60_000
export const QUIET_INTERVAL_MS = 250

export function lookAt(turn: number): Look {
  return LOOKS[turn % LOOKS.length] as Look
}

/** How long to rest after a look that took `tookMs`; `quietMs` have passed since the last code. */
export function restAfter(tookMs: number, quietMs: number): number {
  const interval = quietMs >= QUIET_AFTER_MS ? QUIET_INTERVAL_MS : SHORTEST_INTERVAL_MS
  return Math.max(interval - tookMs, tookMs)
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Crop {
  readonly from: Box
  readonly width: number
  readonly height: number
}

/** Which part of a picture a look takes, in the picture's pixels, and at what size it is drawn. */
export function crop(width: number, height: number, { part, side, enlarged }: Look): Crop {
  const from = part === 'whole' ? { x: 0, y: 0, width, height } : square(width, height, part)
  const scale = Math.min(enlarged ? 2 : 1, side / Math.max(from.width, from.height))
  return {
    from,
    width: Math.max(1, Math.round(from.width * scale)),
    height: Math.max(1, Math.round(from.height * scale)),
  }
}

function square(width: number, height: number, part: 'heart' | 'middle'): Box {
  const side = Math.ceil(Math.min(width, height) * (part === 'heart' ? 0.75 : 1))
  return {
    x: Math.floor((width - side) / 2),
    y: Math.floor((height - side) / 2),
    width: side,
    height: side,
  }
}
