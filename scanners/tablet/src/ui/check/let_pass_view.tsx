import { useState } from 'preact/hooks'
import type { Check } from '../../state/model'
import { Button } from '../kit/buttons'
import { Page } from '../kit/page'
import { useHands, useSay } from '../hands'
import { BadgeAndPin } from '../screens/badge_and_pin'
import { handOver as words } from '../words/check'
import { common } from '../words/common'

const SHORTEST_REASON = 5

/** Two people let an item of the plant pass: one gives the reason, a second signs with badge and PIN. */
export function LetPassView({ check, question }: { check: Check; question: string }) {
  const say = useSay()
  const { tablet, work } = useHands()
  const [reason, setReason] = useState('')
  const [signing, setSigning] = useState(false)
  const asked = check.questions.find(({ id }) => id === question)
  const leave = (): void => { work.value = { view: 'questions', group: asked?.group ?? 'plant_items' } }
  const give = async (badge: string, pin: string): Promise<void> => {
    await tablet.letPass(question, reason.trim(), { badge, pin })
    leave()
  }
  const foot = (
    <>
      <Button look="quiet" icon="back" onPress={signing ? () => setSigning(false) : leave}>{say(common.back)}</Button>
      {!signing && (
        <Button look="primary" disabled={[...reason.trim()].length < SHORTEST_REASON} onPress={() => setSigning(true)}>{say(words.letPassAct)}</Button>
      )}
    </>
  )
  return (
    <Page title={say(words.letPass)} foot={foot} class={signing ? 'fixed' : 'narrow'}>
      {asked && <p class="lead"><strong>{say(asked.text)}</strong></p>}
      {signing ? <BadgeAndPin onGiven={give} /> : (
        <>
          <p>{say(words.letPassLead)}</p>
          <div class="field">
            <label for="reason">{say(words.letPassReason)}</label>
            <textarea id="reason" rows={4} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
          </div>
        </>
      )}
    </Page>
  )
}
