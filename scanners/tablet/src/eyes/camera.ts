import type { Camera, CameraState, Reading } from './index'
import { Looking } from './looping'
import { LONGEST_SIDE, shrunk } from './picture'
import { codeReader, type CodeReader } from './reader'
import { Repeats } from './repeats'
import type { Look } from './scheduling'
import { abilities, adjust, choices, keepFocusing, mayAsk, open, problemOf, trackOf } from './stream'

const CLOSED: CameraState = {
  running: false, problem: null, cameras: [], torch: 'none', zoom: null,
}
/** So many looks in a row that failed mean that codes cannot be read here at all. */
const FAILURES_ALLOWED = 3

/**
 * A camera that reads codes while it runs. It gives the device back while the page is hidden, so
 * that the system's own camera and other programs can have it, and takes it again afterwards.
 */
export function createCamera(reader: CodeReader = codeReader()): Camera {
  return new ReadingCamera(reader)
}

class ReadingCamera implements Camera {
  private state = CLOSED
  private readonly stateListeners = new Set<(state: CameraState) => void>()
  private readonly readingListeners = new Set<(reading: Reading) => void>()
  private readonly repeats = new Repeats()
  private readonly looking = new Looking((look) => this.look(look))
  private stream: MediaStream | null = null
  private video: HTMLVideoElement | null = null
  private cameraId: string | null = null
  /** Counts openings and closings: whatever was begun before the last of them is too late. */
  private opening = 0
  private failures = 0

  constructor(private readonly reader: CodeReader) {}

  async start(video: HTMLVideoElement, cameraId: string | null, anew = false): Promise<void> {
    this.stop()
    if (anew) this.repeats.forget()
    this.video = video
    this.cameraId = cameraId
    document.addEventListener('visibilitychange', this.onVisibility)
    navigator.mediaDevices?.addEventListener('devicechange', this.onDevices)
    await this.open()
  }

  stop(shownIn: HTMLVideoElement | null = this.video): void {
    if (shownIn !== this.video) return
    document.removeEventListener('visibilitychange', this.onVisibility)
    navigator.mediaDevices?.removeEventListener('devicechange', this.onDevices)
    this.close()
    this.video = null
  }

  async setTorch(on: boolean): Promise<void> {
    if (this.state.torch !== 'none') await this.adjust({ torch: on })
  }

  async setZoom(zoom: number): Promise<void> {
    const can = this.state.zoom
    if (can) await this.adjust({ zoom: Math.min(can.max, Math.max(can.min, zoom)) })
  }

  async picture(): Promise<Blob> {
    if (!this.video || !this.state.running) throw new Error('the camera does not run')
    return await shrunk(await createImageBitmap(this.video), LONGEST_SIDE)
  }

  onState(listener: (state: CameraState) => void): () => void {
    this.stateListeners.add(listener)
    listener(this.state)
    return () => this.stateListeners.delete(listener)
  }

  onReading(listener: (reading: Reading) => void): () => void {
    this.readingListeners.add(listener)
    return () => this.readingListeners.delete(listener)
  }

  private async open(): Promise<void> {
    const opening = (this.opening += 1)
    if (!mayAsk()) {
      this.tell({ ...CLOSED, problem: 'insecure' })
      return
    }
    // The reader loads while the person is asked for the camera.
    void this.reader.ready().catch(() => undefined)
    let stream: MediaStream | null = null
    try {
      stream = await open(this.cameraId)
      if (opening === this.opening) await this.show(stream)
    } catch (error) {
      release(stream)
      if (opening === this.opening) await this.fail(error)
      return
    }
    if (opening !== this.opening) release(stream)
  }

  private async show(stream: MediaStream): Promise<void> {
    const [track, video, opening] = [trackOf(stream), this.video, this.opening]
    if (!track || !video) return
    this.stream = stream
    track.addEventListener('ended', this.onEnded)
    await keepFocusing(track)
    video.srcObject = stream
    video.muted = true
    video.playsInline = true
    // A video that is taken off the page or given another stream does not play, and needs not.
    await video.play().catch(() => undefined)
    const cameras = await choices()
    if (opening !== this.opening) return
    this.failures = 0
    this.tell({ running: true, problem: null, cameras, ...abilities(track) })
    this.looking.start()
  }

  private async fail(error: unknown): Promise<void> {
    const cameras = await choices().catch(() => [])
    this.tell({ ...CLOSED, cameras, problem: problemOf(error) })
  }

  private close(): void {
    this.opening += 1
    this.looking.stop()
    trackOf(this.stream)?.removeEventListener('ended', this.onEnded)
    release(this.stream)
    if (this.video && this.video.srcObject === this.stream) this.video.srcObject = null
    this.stream = null
    this.tell({ ...CLOSED, cameras: this.state.cameras })
  }

  private async look(look: Look): Promise<boolean> {
    const { video, opening } = this
    if (!video || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return false
    try {
      const { codes } = await this.reader.look(await frameOf(video), look)
      if (opening !== this.opening) return false
      this.recover()
      const now = performance.now()
      for (const code of codes) {
        if (this.repeats.isNew(code.text, now)) this.report({ ...code, through: 'camera' })
      }
      return codes.length > 0
    } catch {
      if (opening === this.opening) this.countFailure()
      return false
    }
  }

  private countFailure(): void {
    this.failures += 1
    if (this.failures === FAILURES_ALLOWED) this.tell({ ...this.state, problem: 'failed' })
  }

  private recover(): void {
    this.failures = 0
    if (this.state.problem) this.tell({ ...this.state, problem: null })
  }

  private async adjust(wanted: object): Promise<void> {
    const track = trackOf(this.stream)
    if (!track) return
    await adjust(track, wanted)
    if (track === trackOf(this.stream)) this.tell({ ...this.state, ...abilities(track) })
  }

  private readonly onVisibility = (): void => {
    if (document.hidden) this.close()
    else void this.open()
  }

  private readonly onDevices = (): void => {
    void choices().then((cameras) => this.tell({ ...this.state, cameras }), () => undefined)
  }

  /** Pulled out, or forbidden while it ran. */
  private readonly onEnded = (): void => {
    this.close()
    this.tell({ ...this.state, problem: 'none' })
  }

  private tell(state: CameraState): void {
    this.state = state
    for (const listener of [...this.stateListeners]) listener(state)
  }

  private report(reading: Reading): void {
    for (const listener of [...this.readingListeners]) listener(reading)
  }
}

/** What a video shows now, without touching its pixels where the browser can do that. */
async function frameOf(video: HTMLVideoElement): Promise<VideoFrame | ImageBitmap> {
  return 'VideoFrame' in window ? new VideoFrame(video) : await createImageBitmap(video)
}

function release(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}
