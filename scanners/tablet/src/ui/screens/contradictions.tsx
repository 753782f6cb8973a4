import { Button } from '../kit/buttons'
import { Page } from '../kit/page'
import { Shape } from '../drawing/shapes'
import { useHands, useSay } from '../hands'
import { common } from '../words/common'
import { device as words } from '../words/device'

/** Records that the server judged otherwise: both sides are shown, people settle it. */
export function ContradictionsScreen() {
  const say = useSay()
  const { tablet, over } = useHands()
  const { contradicted } = tablet.sending.value
  const foot = <Button look="primary" icon="back" onPress={() => { over.value = null }}>{say(common.back)}</Button>
  return (
    <Page title={say(words.contradictionsTitle)} foot={foot} class="narrow" reads>
      {contradicted.length === 0 ? (
        <p class="all-well"><Shape standing="passed" />{say(words.contradictionsNone)}</p>
      ) : (
        <p class="lead">{say(words.contradictionsLead)}</p>
      )}
      <ul class="cards">
        {contradicted.map(({ number, words: said, caseAddress }) => (
          <li key={number} class="card unknown">
            <h2><Shape standing="unknown" /><span class="mono">{number}</span></h2>
            <p>{say(said)}</p>
            {caseAddress && <a class="button plain" href={caseAddress} target="_blank" rel="noopener">{say(words.toCase)}</a>}
          </li>
        ))}
      </ul>
    </Page>
  )
}
