import { useEffect, useRef, useState } from 'preact/hooks'
import type { CameraState, Reading } from '../../eyes'
import type { Standing } from '../../state/model'
import { Icon } from '../drawing/icons'
import { useHands, useSay } from '../hands'
import { camera as words, cameraProblems } from '../words/check'
import { Button } from './buttons'

interface CameraViewProps {
  /** Called with each code that is read; without it the camera only shows and takes pictures. */
  readonly onReading?: (reading: Reading) => void
  readonly hint: string
  readonly flash?: Standing | undefined
  /** What was in sight on the screen before is read too. */
  readonly anew?: boolean
}

/** The camera while this is on the screen, with torch, zoom and choice of camera. */
export function CameraView({ onReading, hint, flash, anew = false }: CameraViewProps) {
  const say = useSay()
  const { eyes, tablet } = useHands()
  const video = useRef<HTMLVideoElement>(null)
  const heard = useRef(onReading)
  heard.current = onReading
  const [state, setState] = useState<CameraState | null>(null)
  const chosen = tablet.settings.value.camera

  const start = (): void => {
    if (video.current) void eyes.camera.start(video.current, chosen, anew)
  }
  useEffect(() => {
    const ends = [eyes.camera.onState(setState), eyes.camera.onReading((reading) => heard.current?.(reading))]
    const shownIn = video.current
    start()
    return () => {
      for (const end of ends) end()
      // The next view may have begun with the camera before this one has ended.
      eyes.camera.stop(shownIn)
    }
  }, [chosen])

  // There may be a picture without anything that reads codes in it: then the picture stays.
  const blind = Boolean(state?.running && state.problem)
  const problem = state?.running ? null : state?.problem
  return (
    <section class={`camera ${flash ?? ''}`} aria-label={say(words.picture)}>
      <video ref={video} muted playsInline aria-hidden="true" />
      {!problem && state?.running && <span class="aim" aria-hidden="true" />}
      <p class="camera-hint">{blind ? say(words.unread) : state?.running ? hint : !problem ? say(words.starting) : ''}</p>
      {problem && (
        <div class="camera-problem" role="alert">
          <p><strong>{say(cameraProblems[problem] ?? cameraProblems.failed!)}</strong></p>
          <p>{say(words.withoutCamera)}</p>
          <Button onPress={start}>{say(words.again)}</Button>
        </div>
      )}
      {state?.running && <Controls state={state} />}
    </section>
  )
}

function Controls({ state }: { state: CameraState }) {
  const say = useSay()
  const { eyes, tablet } = useHands()
  const { zoom, torch, cameras } = state
  const zoomBy = (steps: number): void => {
    if (!zoom) return
    const step = Math.max(zoom.step, (zoom.max - zoom.min) / 6)
    void eyes.camera.setZoom(Math.min(zoom.max, Math.max(zoom.min, zoom.now + steps * step)))
  }
  const another = (): void => {
    const at = cameras.findIndex(({ id }) => id === tablet.settings.value.camera)
    tablet.change({ camera: cameras[(at + 1) % cameras.length]?.id ?? null })
  }
  return (
    <div class="camera-keys">
      {torch !== 'none' && (
        <button type="button" class="key" aria-pressed={torch === 'on'} aria-label={say(words.torch)} onClick={() => void eyes.camera.setTorch(torch === 'off')}>
          <Icon name="torch" />
        </button>
      )}
      {zoom && (
        <>
          <button type="button" class="key" aria-label={say(words.zoomOut)} disabled={zoom.now <= zoom.min} onClick={() => zoomBy(-1)}><Icon name="minus" /></button>
          <button type="button" class="key" aria-label={say(words.zoomIn)} disabled={zoom.now >= zoom.max} onClick={() => zoomBy(1)}><Icon name="plus" /></button>
        </>
      )}
      {cameras.length > 1 && (
        <button type="button" class="key" aria-label={say(words.other)} onClick={another}><Icon name="turn" /></button>
      )}
    </div>
  )
}
