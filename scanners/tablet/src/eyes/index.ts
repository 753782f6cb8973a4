/**
 * The contract between the camera and the screens. `eyes` reads; it judges nothing.
 */

/** A code that was read. What a camera sees is reported once; it is not reported again within `REPEAT_MS`. */
export interface Reading {
  readonly text: string
  /** As zxing names it: `QRCode`, `DataMatrix`, `Code128` ...; empty where only the text is known. */
  readonly format: string
  readonly through: 'camera' | 'picture' | 'wedge' | 'pasted'
}

export interface CameraChoice {
  readonly id: string
  readonly label: string
}

export interface CameraState {
  readonly running: boolean
  /**
   * Stable word: `denied`, `none`, `in_use`, `insecure`, `failed`; `null` where it runs. `failed`
   * while it runs: there is a picture, but what reads codes in it could not be loaded.
   */
  readonly problem: Problem | null
  readonly cameras: readonly CameraChoice[]
  readonly torch: 'on' | 'off' | 'none'
  readonly zoom: { readonly min: number; readonly max: number; readonly step: number; readonly now: number } | null
}

/** Not allowed, not there, taken by another program, page not served safely, anything else. */
export type Problem = 'denied' | 'none' | 'in_use' | 'insecure' | 'failed'

/** A code that stays in sight stays silent; out of sight for this long, it is reported anew. */
export const REPEAT_MS = 2_000

/** Opens and closes with the screen that shows it; `video` is the element that shows the picture. */
export interface Camera {
  /** `anew`: what was in sight before is reported too, as it was shown to another screen. */
  start(video: HTMLVideoElement, cameraId: string | null, anew?: boolean): Promise<void>
  /** Does nothing where the picture is shown elsewhere by now than in `shownIn`. */
  stop(shownIn?: HTMLVideoElement | null): void
  setTorch(on: boolean): Promise<void>
  setZoom(zoom: number): Promise<void>
  /** One still picture, shrunk to at most 1600 px, JPEG; turned upright, without any metadata. */
  picture(): Promise<Blob>
  onState(listener: (state: CameraState) => void): () => void
  onReading(listener: (reading: Reading) => void): () => void
}

export { createCamera } from './camera'
export { Repeats } from './repeats'
export { listenToPaste, readClipboard } from './paste'
export { PictureError, readPicture, type ServerReading, toPhoto } from './picture'
export { listenToWedge } from './wedge'
