import { useState } from 'preact/hooks'
import type { AskedPhoto, Check } from '../../state/model'
import { Button } from '../kit/buttons'
import { StandingTag } from '../kit/notices'
import { PictureFile, PictureTaking } from '../kit/picture_taking'
import { type Act, useAct, useHands, useSay } from '../hands'
import { check as checkWords, handOver as words, photoReasons } from '../words/check'
import { CheckPage } from './check_page'

/** The photos that are asked, each with the reason why. */
export function PhotosView({ check }: { check: Check }) {
  const say = useSay()
  const { tablet } = useHands()
  const act = useAct()
  const [taking, setTaking] = useState<AskedPhoto | null>(null)
  if (taking !== null) {
    const keep = (picture: Blob): void => void act.run(async () => { await tablet.takePhoto(taking.shows, picture); setTaking(null) })
    return <PictureTaking title={say(taking.text)} onCancel={() => setTaking(null)} onPicture={keep} />
  }
  return (
    <CheckPage check={check} title={say(checkWords.photos)} act={act}>
      {check.photos.length === 0 && <p class="lead">{say(words.photosNone)}</p>}
      <ul class="cards">
        {check.photos.map((photo) => <PhotoRow key={photo.shows} photo={photo} act={act} onCamera={() => setTaking(photo)} />)}
      </ul>
    </CheckPage>
  )
}

interface PhotoRowProps {
  readonly photo: AskedPhoto
  readonly act: Act
  /** Opens our own camera; without it the tablet's camera application takes the picture. */
  readonly onCamera?: () => void
}

export function PhotoRow({ photo, act, onCamera }: PhotoRowProps) {
  const say = useSay()
  const { tablet, eyes } = useHands()
  const { shows, text, why, taken } = photo
  const keep = (file: Blob): void => void act.run(async () => tablet.takePhoto(shows, await eyes.toPhoto(file)))
  return (
    <li class={`card photo ${taken ? 'passed' : 'missing'}`}>
      <p class="asked"><span>{say(text)}<span class="quiet small">{say(photoReasons[why])}</span></span></p>
      <StandingTag standing={taken ? 'passed' : 'missing'} word={taken ? say(words.taken) : undefined} />
      <span class="photo-keys">
        {onCamera && <Button icon="camera" onPress={onCamera}>{say(taken ? words.again : words.takePhoto)}</Button>}
        <PictureFile label={say(words.chooseFile)} onPicture={keep} />
      </span>
    </li>
  )
}
