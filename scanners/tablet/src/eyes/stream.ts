/** The camera's stream: opening it, what it can do, and why it cannot be had. */

import type { CameraChoice, CameraState, Problem } from './index'

/** Light and zoom are of the Image Capture draft, which the language's library does not know yet. */
interface Capabilities extends MediaTrackCapabilities {
  readonly torch?: boolean
  readonly zoom?: { readonly min: number; readonly max: number; readonly step?: number }
  readonly focusMode?: readonly string[]
}

interface Settings extends MediaTrackSettings {
  readonly torch?: boolean
  readonly zoom?: number
}

const PROBLEMS: Readonly<Record<string, Problem>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'in_use',
  AbortError: 'in_use',
}

/** The stable word for why a camera could not be opened. */
export function problemOf(error: unknown): Problem {
  return PROBLEMS[(error as { name?: string } | null)?.name ?? ''] ?? 'failed'
}

/** Whether this page may ask for a camera at all: browsers give none to pages without TLS. */
export function mayAsk(): boolean {
  return window.isSecureContext && navigator.mediaDevices !== undefined
}

/** Full HD where there is one: a waybill's code needs five pixels a module of its seventy-seven. */
const SIZE = {
  width: { ideal: 1920 },
  height: { ideal: 1080 },
  frameRate: { ideal: 24, max: 30 },
}

/**
 * Opens the chosen camera; where it is gone or none was chosen, the one at the back, else any.
 *
 * @throws DOMException as `getUserMedia` does
 */
export async function open(cameraId: string | null): Promise<MediaStream> {
  const wanted = { ...SIZE, ...((await mayZoom()) && { zoom: true }) }
  const ask = (video: MediaTrackConstraints) =>
    navigator.mediaDevices.getUserMedia({ video: { ...wanted, ...video }, audio: false })
  const atTheBack = { facingMode: { ideal: 'environment' } }
  if (cameraId === null) return await ask(atTheBack)
  try {
    return await ask({ deviceId: { exact: cameraId } })
  } catch (error) {
    if (problemOf(error) !== 'none') throw error
    return await ask(atTheBack)
  }
}

/**
 * Whether Chromium would let the camera be zoomed. On tablets it does with the camera itself;
 * elsewhere it is another permission, and asking for it could cost the first.
 */
async function mayZoom(): Promise<boolean> {
  const zoom = { name: 'camera', panTiltZoom: true } as unknown as PermissionDescriptor
  try {
    return (await navigator.permissions.query(zoom)).state === 'granted'
  } catch {
    return false
  }
}

/** All cameras. Their labels are empty until one was allowed: then they are numbered. */
export async function choices(): Promise<readonly CameraChoice[]> {
  const devices = await navigator.mediaDevices.enumerateDevices()
  return devices
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId, label }, index) => ({ id: deviceId, label: label || String(index + 1) }))
}

export function trackOf(stream: MediaStream | null): MediaStreamTrack | null {
  return stream?.getVideoTracks()[0] ?? null
}

/** What light and zoom a camera has, and how they stand. */
export function abilities(track: MediaStreamTrack | null): Pick<CameraState, 'torch' | 'zoom'> {
  if (!track) return { torch: 'none', zoom: null }
  const can = (track.getCapabilities?.() ?? {}) as Capabilities
  const set = track.getSettings() as Settings
  const torch = can.torch !== true ? 'none' : set.torch === true ? 'on' : 'off'
  if (!can.zoom || !(can.zoom.max > can.zoom.min)) return { torch, zoom: null }
  const { min, max, step } = can.zoom
  return { torch, zoom: { min, max, step: step || 0.1, now: set.zoom ?? min } }
}

/** Asks a camera for something of its own; one that cannot do it stays as it is. */
export async function adjust(track: MediaStreamTrack, wanted: object): Promise<void> {
  await track.applyConstraints({ advanced: [wanted] }).catch(() => undefined)
}

/** Codes are held close and moved: a camera that can keep focusing should. */
export async function keepFocusing(track: MediaStreamTrack): Promise<void> {
  const can = (track.getCapabilities?.() ?? {}) as Capabilities
  if (can.focusMode?.includes('continuous')) await adjust(track, { focusMode: 'continuous' })
}
