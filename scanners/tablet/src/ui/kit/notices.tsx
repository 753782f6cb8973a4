import type { Standing } from '../../state/model'
import { Icon } from '../drawing/icons'
import { Shape } from '../drawing/shapes'
import { type Problem, useSay } from '../hands'
import { standings } from '../words/common'

/** What stopped an act, said at once to those who hear and those who see. */
export function ProblemNotice({ problem }: { problem: Problem | null }) {
  const say = useSay()
  return (
    <div class="problem-place" role="alert">
      {problem && (
        <div class="problem">
          <Icon name="warning" />
          <p>
            <strong>{say(problem.words)}</strong>
            {problem.nextStep && <span> {say(problem.nextStep)}</span>}
            {Object.values(problem.fields).map((words) => <span key={words.en}> {say(words)}</span>)}
          </p>
        </div>
      )}
    </div>
  )
}

/** Shape, word and colour of how something stands. */
export function StandingTag({ standing, word }: { standing: Standing; word?: string | undefined }) {
  const say = useSay()
  return (
    <span class={`stands ${standing}`}>
      <Shape standing={standing} />
      {word ?? say(standings[standing])}
    </span>
  )
}
