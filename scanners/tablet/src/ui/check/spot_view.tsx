import type { Check } from '../../state/model'
import { StandingTag } from '../kit/notices'
import { useAct, useHands, useSay } from '../hands'
import { check as checkWords, handOver as words } from '../words/check'
import { CheckPage } from './check_page'

/** Random questions and presence tags: seen by the plant, never a reason to block. */
export function SpotView({ check }: { check: Check }) {
  const say = useSay()
  const { tablet } = useHands()
  const act = useAct()
  const { control, presencePoints } = check
  return (
    <CheckPage check={check} title={say(checkWords.spot)} act={act}>
      <p class="lead">{say(words.controlLead)}</p>
      {control.length > 0 && <h2>{say(words.control)}</h2>}
      <ul class="cards">
        {control.map(({ id, text, choices, answered, hint }) => (
          <li key={id} class={`card question ${answered === null ? 'missing' : hint ? 'unknown' : 'passed'}`}>
            <p id={`control-${id}`} class="asked">{say(text)}</p>
            <div class="choices" role="group" aria-labelledby={`control-${id}`}>
              {choices.map(({ value, text: choice }) => (
                <button key={value} type="button" class="button plain" aria-pressed={answered === value} onClick={() => void act.beside(() => tablet.answerControl(id, value))}>
                  <span>{say(choice)}</span>
                </button>
              ))}
            </div>
            {hint && <p role="status" class="hint">{say(hint)}</p>}
          </li>
        ))}
      </ul>
      {presencePoints.length > 0 && <h2>{say(words.points)}</h2>}
      {presencePoints.length > 0 && <p>{say(words.pointsLead)}</p>}
      <ul class="rows">
        {presencePoints.map(({ point, label, seen }) => (
          <li key={point}>
            <span class="grow">{say(label)}</span>
            <StandingTag standing={seen ? 'passed' : 'missing'} word={say(seen ? words.seen : words.notSeen)} />
          </li>
        ))}
      </ul>
    </CheckPage>
  )
}
