import { useEffect, useState } from 'preact/hooks'
import type { CameraChoice } from '../../eyes'
import { feel } from '../feedback'
import { Button, Choice } from '../kit/buttons'
import { Page } from '../kit/page'
import { useHands, useSay } from '../hands'
import { common } from '../words/common'
import { device as words, languages, themes } from '../words/device'

const SCALES = [1, 1.25, 1.5] as const

export function SettingsScreen() {
  const say = useSay()
  const { tablet, over, eyes } = useHands()
  const { language, theme, textScale, sound, vibration, camera } = tablet.settings.value
  const [cameras, setCameras] = useState<readonly CameraChoice[]>([])
  useEffect(() => eyes.camera.onState((state) => setCameras(state.cameras)), [])
  const onOff = [{ value: true, text: say(words.on) }, { value: false, text: say(words.off) }]
  const foot = (
    <>
      <Button onPress={() => feel('passed', tablet.settings.value)}>{say(words.tryIt)}</Button>
      <Button look="primary" icon="back" onPress={() => { over.value = null }}>{say(common.back)}</Button>
    </>
  )
  return (
    <Page title={say(words.settingsTitle)} foot={foot} class="narrow settings">
      <Choice
        label={say(words.language)} chosen={language} onChoose={(value) => tablet.change({ language: value })}
        choices={(['zh', 'en'] as const).map((value) => ({ value, text: say(languages[value]) }))}
      />
      <Choice
        label={say(words.theme)} chosen={theme} onChoose={(value) => tablet.change({ theme: value })}
        choices={(['light', 'dark', 'sunlight'] as const).map((value) => ({ value, text: say(themes[value]) }))}
      />
      <Choice
        label={say(words.textScale)} chosen={textScale} onChoose={(value) => tablet.change({ textScale: value })}
        choices={SCALES.map((value) => ({ value, text: `${value * 100} %` }))}
      />
      <Choice label={say(words.sound)} chosen={sound} onChoose={(value) => tablet.change({ sound: value })} choices={onOff} />
      <Choice label={say(words.vibration)} chosen={vibration} onChoose={(value) => tablet.change({ vibration: value })} choices={onOff} />
      <Choice
        label={say(words.camera)} chosen={camera} onChoose={(value) => tablet.change({ camera: value })}
        choices={[{ value: null, text: say(words.cameraAuto) }, ...cameras.map(({ id, label }) => ({ value: id, text: label }))]}
      />
    </Page>
  )
}
