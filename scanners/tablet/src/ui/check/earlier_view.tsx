import type { Check, Earlier, Standing } from '../../state/model'
import { Shape } from '../drawing/shapes'
import { useAct, useHands, useSay } from '../hands'
import { Button } from '../kit/buttons'
import { Page } from '../kit/page'
import { clockTime } from '../times'
import { earlier as words, whyAgain } from '../words/bays'
import { steps, todos } from '../words/common'
import { ReasonCard, standing } from './reasons'
import { Trip } from './trip'

/** A refused check of this waybill can be gone on with: what stands of it, and what must be shown again. */
export function EarlierView({ check, earlier }: { check: Check; earlier: Earlier }) {
  const say = useSay()
  const { tablet } = useHands()
  const act = useAct()
  const foot = (
    <>
      <Button look="quiet" disabled={act.running} onPress={() => void act.run(() => tablet.beginAnew())}>{say(words.anew)}</Button>
      <Button look="primary" disabled={act.running} onPress={() => void act.run(() => tablet.goOnWithEarlier())}>{say(words.goOn)}</Button>
    </>
  )
  const against = standing(earlier.reasons).filter(({ severity }) => severity === 'STOP')
  return (
    <>
      <Trip check={check} />
      <Page title={say(words.title)} foot={foot} problem={act.problem} class="in-check" reads>
        <p class="lead">{say(words.lead(clockTime(earlier.refusedAt)))}</p>
        <div class="earlier">
          <section>
            <h2>{say(words.again)}</h2>
            <ul class="rows">
              {earlier.again.map(({ kind, why }) => (
                <li key={kind}><Shape standing={shapeOf(why)} /><span class="grow">{say(todos[kind])}</span><span class="quiet">{say(whyAgain[why])}</span></li>
              ))}
            </ul>
          </section>
          <section>
            <h2>{say(words.standing)}</h2>
            {earlier.standing.length === 0 ? <p>{say(words.nothingStands)}</p> : (
              <ul class="rows">
                {earlier.standing.map((kind) => <li key={kind}><Shape standing="passed" /><span class="grow">{say(steps[kind])}</span></li>)}
              </ul>
            )}
          </section>
        </div>
        {against.length > 0 && (
          <section>
            <h2>{say(words.why)}</h2>
            <ul class="cards">{against.map((reason, place) => <ReasonCard key={place} reason={reason} />)}</ul>
          </section>
        )}
      </Page>
    </>
  )
}

const shapeOf = (why: Earlier['again'][number]['why']): Standing => (why === 'outdated' ? 'missing' : why)
