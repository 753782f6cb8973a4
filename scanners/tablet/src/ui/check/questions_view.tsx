import type { Asked, Check } from '../../state/model'
import { StandingTag } from '../kit/notices'
import { useAct, useSay } from '../hands'
import { handOver as words } from '../words/check'
import { steps } from '../words/common'
import { CheckPage } from './check_page'
import { PhotoRow } from './photos_view'
import { QuestionCard } from './question_card'
import { ReasonCard, standing } from './reasons'
import { SignsDrawn } from './signs_drawn'
import { useTaking } from './taking'

/** The hand-over: for the signs they are drawn beside the questions, as they must be seen. */
export function QuestionsView({ check, group }: { check: Check; group: Asked['group'] }) {
  const say = useSay()
  const act = useAct()
  const taking = useTaking(act)
  if (taking.screen) return taking.screen
  if (group === 'after_loading') return null
  const asked = check.questions.filter((question) => question.group === group)
  const open = asked.filter(({ answer }) => answer === null).length
  const step = check.steps.find(({ kind }) => kind === group)
  // Photos that belong to a question are asked where one stands before it.
  const photos = check.photos.filter(({ shows }) => asked.some(({ id, wantsPhoto }) => id === shows && !wantsPhoto))
  const state = <StandingTag standing={open > 0 ? 'missing' : 'passed'} word={say(open > 0 ? words.open(open) : words.allAnswered)} />
  return (
    <CheckPage check={check} title={say(steps[group])} act={act} class={group === 'signs' ? 'with-signs' : ''} state={state}>
      <div class="hand-over">
        {group === 'signs' && <SignsDrawn signs={check.signs} />}
        <div>
          <ul class="cards questions">{asked.map((one) => <QuestionCard key={one.id} asked={one} act={act} taking={taking} />)}</ul>
          {photos.length > 0 && <ul class="cards">{photos.map((photo) => <PhotoRow key={photo.shows} photo={photo} taking={taking} />)}</ul>}
          <ul class="cards">{standing(step?.reasons ?? []).map((reason, place) => <ReasonCard key={place} reason={reason} />)}</ul>
        </div>
      </div>
    </CheckPage>
  )
}
