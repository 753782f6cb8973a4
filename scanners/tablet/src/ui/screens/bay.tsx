import { Page } from '../kit/page'
import { ProblemNotice } from '../kit/notices'
import { useAct, useHands, useSay } from '../hands'
import { signOn as words } from '../words/sign_on'

export function BayScreen() {
  const say = useSay()
  const { tablet } = useHands()
  const act = useAct()
  const bays = tablet.device.value?.bays ?? []
  return (
    <Page title={say(words.bayTitle)} class="narrow">
      <p class="lead">{say(bays.length === 0 ? words.noBays : words.bayLead)}</p>
      <ProblemNotice problem={act.problem} />
      <div class="tiles">
        {bays.map(({ id, name }) => (
          <button key={id} type="button" class="tile" disabled={act.running} onClick={() => void act.run(() => tablet.chooseBay(id))}>
            {name}
          </button>
        ))}
      </div>
    </Page>
  )
}
