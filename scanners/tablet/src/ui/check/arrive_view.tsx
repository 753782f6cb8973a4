import { useState } from 'preact/hooks'
import type { Asked, BayPlan, Check } from '../../state/model'
import { Shape } from '../drawing/shapes'
import { useAct, useHands, useSay } from '../hands'
import { Button } from '../kit/buttons'
import { StandingTag } from '../kit/notices'
import { Page } from '../kit/page'
import { bays as words } from '../words/bays'
import { common } from '../words/common'
import { handOver } from '../words/check'
import { PlanCard } from './plan_card'
import { Trip } from './trip'

type Seen = Readonly<Record<string, boolean>>

/** The vehicle at a further bay: its list is seen anew before anything goes in. */
export function ArriveView({ check, plan }: { check: Check; plan: BayPlan }) {
  const say = useSay()
  const { tablet } = useHands()
  const act = useAct()
  const [seen, setSeen] = useState<Seen>({})
  const open = plan.closingList.filter(({ id }) => seen[id] === undefined).length
  const denied = plan.closingList.some(({ id }) => seen[id] === false)
  const waits = plan.arrival === 'waiting'
  const arrive = (): void => void act.run(() => tablet.arriveHere(plan.closingList.map(({ id }) => id)))
  const foot = waits
    ? <Button look="primary" icon="send" disabled={act.running} onPress={() => void act.run(() => tablet.sendNow())}>{say(words.tryAgain)}</Button>
    : <Button look="primary" disabled={open > 0 || denied || act.running} onPress={arrive}>{say(words.arrive)}</Button>
  const state = open > 0 ? say(words.openItems(open)) : say(handOver.allAnswered)
  return (
    <>
      <Trip check={check} />
      <Page
        title={say(words.arriveTitle(plan.here.name))} foot={foot} problem={act.problem} class="in-check"
        aside={waits ? undefined : <StandingTag standing={open > 0 ? 'missing' : denied ? 'failed' : 'passed'} word={state} />}
      >
        {waits ? <p class="hint" role="status">{say(words.arriveWaiting)}</p> : <p class="lead">{say(words.arriveLead)}</p>}
        <div class="arrive">
          <PlanCard check={check} plan={plan} />
          {!waits && (
            <div>
              <ul class="cards questions">
                {plan.closingList.map((asked) => (
                  <Item key={asked.id} asked={asked} seen={seen[asked.id]} onSeen={(good) => setSeen((was) => ({ ...was, [asked.id]: good }))} />
                ))}
              </ul>
              {denied && <p class="hint" role="alert">{say(words.notAsItMustBe)}</p>}
            </div>
          )}
        </div>
      </Page>
    </>
  )
}

function Item({ asked, seen, onSeen }: { asked: Asked; seen: boolean | undefined; onSeen: (good: boolean) => void }) {
  const say = useSay()
  const stands = seen === undefined ? 'missing' : seen ? 'passed' : 'failed'
  return (
    <li class={`card question ${stands}`}>
      <p id={`seen-${asked.id}`} class="asked"><Shape standing={stands} />{say(asked.text)}</p>
      <div class="yes-no" role="group" aria-labelledby={`seen-${asked.id}`}>
        <Button class="yes" pressed={seen === true} onPress={() => onSeen(true)}>{say(common.yes)}</Button>
        <Button class="no" pressed={seen === false} onPress={() => onSeen(false)}>{say(common.no)}</Button>
      </div>
    </li>
  )
}
