import { useRef } from 'preact/hooks'
import { Icon } from '../drawing/icons'
import { type Problem, useAct, useHands, useSay } from '../hands'
import { common } from '../words/common'
import { handOver } from '../words/check'
import { Button } from './buttons'
import { CameraView } from './camera_view'
import { ProblemNotice } from './notices'
import { Page } from './page'

/** A picture file from the tablet's own camera application or its memory. */
export function PictureFile({ label, onPicture }: { label: string; onPicture: (picture: Blob) => void }) {
  const field = useRef<HTMLInputElement>(null)
  return (
    <label class="button plain file">
      <input
        ref={field} type="file" accept="image/*" class="unseen"
        onChange={() => {
          const picture = field.current?.files?.[0]
          if (picture) onPicture(picture)
          if (field.current) field.current.value = ''
        }}
      />
      <Icon name="picture" />
      <span>{label}</span>
    </label>
  )
}

interface TakingProps {
  readonly title: string
  readonly onPicture: (picture: Blob) => void
  readonly onCancel: () => void
  /** What stopped the picture from being kept. */
  readonly problem?: Problem | null
}

/** The camera for one picture, in the place of the screen that asked; a file does as well. */
export function PictureTaking({ title, onPicture, onCancel, problem = null }: TakingProps) {
  const say = useSay()
  const { eyes } = useHands()
  const act = useAct()
  const foot = (
    <>
      <Button look="quiet" icon="back" onPress={onCancel}>{say(common.cancel)}</Button>
      <PictureFile
        label={say(handOver.chooseFile)}
        onPicture={(file) => void act.run(async () => onPicture(await eyes.toPhoto(file)))}
      />
      <Button
        look="primary" icon="camera" disabled={act.running}
        onPress={() => void act.run(async () => onPicture(await eyes.camera.picture()))}
      >
        {say(handOver.shutter)}
      </Button>
    </>
  )
  return (
    <Page title={title} class="taking" foot={foot}>
      <ProblemNotice problem={act.problem ?? problem} />
      <CameraView hint="" />
    </Page>
  )
}
