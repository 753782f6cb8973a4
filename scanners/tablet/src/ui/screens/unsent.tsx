import { Button } from '../kit/buttons'
import { Page } from '../kit/page'
import { ProblemNotice } from '../kit/notices'
import { Shape } from '../drawing/shapes'
import { useAct, useHands, useSay } from '../hands'
import { clockTime } from '../times'
import { common } from '../words/common'
import { device as words } from '../words/device'

/** Everything that waits for the network, oldest first. */
export function UnsentScreen() {
  const say = useSay()
  const { tablet, over } = useHands()
  const act = useAct()
  const { items, unsentPhotos, sendingNow } = tablet.sending.value
  const foot = (
    <>
      <Button look="quiet" icon="back" onPress={() => { over.value = null }}>{say(common.back)}</Button>
      <Button look="primary" icon="send" disabled={items.length === 0 || sendingNow || act.running} onPress={() => void act.run(() => tablet.sendNow())}>
        {say(words.sendNow)}
      </Button>
    </>
  )
  return (
    <Page title={say(words.unsentTitle)} foot={foot} class="narrow" reads>
      <ProblemNotice problem={act.problem} />
      {items.length === 0 ? (
        <p class="all-well"><Shape standing="passed" />{say(words.unsentNone)}</p>
      ) : (
        <>
          <p class="lead">{say(words.unsentLead)}{unsentPhotos > 0 && ` ${say(words.photos(unsentPhotos))}`}</p>
          <ol class="rows">
            {items.map(({ id, what, at, tries, problem }) => (
              <li key={id}>
                <span class="mono">{clockTime(at)}</span>
                <span class="grow">{say(what)}{problem && <span class="trouble">{say(problem)}</span>}</span>
                {tries > 0 && <span class="quiet">{say(words.tries(tries))}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
    </Page>
  )
}
