import { TRAINING_BADGES, TRAINING_CODES, type TrainingCode } from '../training/codes'
import { useHands, useSay } from './hands'
import { cards } from './words/common'
import { practice as words } from './words/sign_on'

const CODES: readonly TrainingCode[] = ['waybill', 'vehicle', 'trailer', 'tank', 'driver', 'escort', 'supervisor']

/** The cards to practise with: a press holds one before the tablet, as if the camera had read it. */
export function PracticeCards() {
  const say = useSay()
  const { eyes, practising } = useHands()
  const hold = (text: string): void => {
    practising.value = false
    eyes.hear({ text, format: 'QRCode', through: 'camera' })
  }
  const card = (text: string, name: string) => (
    <button key={name} type="button" class="button plain" onClick={() => hold(text)}><span>{name}</span></button>
  )
  return (
    <section class="practice" aria-label={say(words.cards)}>
      {(['good', 'faulty'] as const).map((trip) => (
        <div key={trip} role="group" aria-label={say(words[trip])}>
          <p>{say(words[trip])}</p>
          {CODES.map((code) => card(TRAINING_CODES[trip][code], say(cards[code])))}
        </div>
      ))}
      <div role="group" aria-label={say(words.badges)}>
        <p>{say(words.badges)}</p>
        {card(TRAINING_BADGES.loader.badge, say(words.loaderBadge))}
        {card(TRAINING_BADGES.supervisor.badge, say(words.supervisorBadge))}
      </div>
    </section>
  )
}
