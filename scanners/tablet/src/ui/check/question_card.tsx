import type { Asked, Standing } from '../../state/model'
import { Button } from '../kit/buttons'
import { Shape } from '../drawing/shapes'
import { useHands, useSay, type Act } from '../hands'
import { handOver as words } from '../words/check'
import { common } from '../words/common'
import type { Taking } from './taking'

export const standingOfAnswer = ({ answer }: Asked): Standing =>
  answer === null ? 'missing' : answer === 'no' ? 'failed' : 'passed'

const NAMES = { yes: common.yes, no: common.no, not_applicable: common.notApplicable } as const

/** One question with its large answers; each answer counts as soon as it is pressed. */
export function QuestionCard({ asked, act, taking }: { asked: Asked; act: Act; taking: Taking }) {
  const say = useSay()
  const { tablet, work } = useHands()
  const { id, text, source, answers, answer, wantsPhoto, mayBeLetPass } = asked
  const choices = answers.includes('no') ? answers : [...answers, 'no' as const]
  const stands = standingOfAnswer(asked)
  return (
    <li class={`card question ${stands}`}>
      <p id={`asked-${id}`} class="asked"><Shape standing={stands} />{say(text)}</p>
      <div class="yes-no" role="group" aria-labelledby={`asked-${id}`}>
        {choices.map((one) => (
          <Button key={one} class={one} pressed={answer === one} onPress={() => void act.beside(() => tablet.answer(id, one))}>
            {say(NAMES[one])}
          </Button>
        ))}
      </div>
      {say(source) !== '' && <p class="quiet small">{say(source)}</p>}
      {wantsPhoto && <Button icon="camera" onPress={() => taking.ask(id, text)}>{say(words.photoWanted)}</Button>}
      {mayBeLetPass && answer === 'no' && (
        <Button look="plain" onPress={() => { work.value = { view: 'let_pass', question: id } }}>{say(words.letPass)}</Button>
      )}
    </li>
  )
}
