import type { AskedPhoto, Check } from '../../state/model'
import { Button } from '../kit/buttons'
import { StandingTag } from '../kit/notices'
import { useAct, useSay } from '../hands'
import { check as checkWords, handOver as words, photoReasons } from '../words/check'
import { CheckPage } from './check_page'
import { type Taking, useTaking } from './taking'

/** The photos that are asked, each with the reason why. */
export function PhotosView({ check }: { check: Check }) {
  const say = useSay()
  const act = useAct()
  const taking = useTaking(act)
  if (taking.screen) return taking.screen
  return (
    <CheckPage check={check} title={say(checkWords.photos)} act={act}>
      {check.photos.length === 0 && <p class="lead">{say(words.photosNone)}</p>}
      <ul class="cards">{check.photos.map((photo) => <PhotoRow key={photo.shows} photo={photo} taking={taking} />)}</ul>
    </CheckPage>
  )
}

export function PhotoRow({ photo, taking }: { photo: AskedPhoto; taking: Taking }) {
  const say = useSay()
  const { shows, text, why, taken } = photo
  return (
    <li class={`card photo ${taken ? 'passed' : 'missing'}`}>
      <p class="asked"><span>{say(text)}<span class="quiet small">{say(photoReasons[why])}</span></span></p>
      <StandingTag standing={taken ? 'passed' : 'missing'} word={taken ? say(words.taken) : undefined} />
      <Button icon="camera" onPress={() => taking.ask(shows, text)}>{say(taken ? words.again : words.takePhoto)}</Button>
    </li>
  )
}
