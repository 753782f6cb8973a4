import { useState } from 'preact/hooks'
import type { Check } from '../../state/model'
import { Button } from '../kit/buttons'
import { Page } from '../kit/page'
import { ProblemNotice } from '../kit/notices'
import { useAct, useHands, useSay } from '../hands'
import { check as words } from '../words/check'
import { beginning } from './way'
import { Trip } from './trip'

const SHORTEST_REASON = 5
/** What most often ends a check, so that gloves need not type. */
const COMMON = [
  { zh: '车辆已离开，未装货', en: 'The vehicle left without loading' },
  { zh: '天气原因停止作业', en: 'Stopped because of the weather' },
  { zh: '承运人撤回运单', en: 'The carrier withdrew the waybill' },
  { zh: '装货设备故障', en: 'Loading equipment failed' },
] as const

/** A dangerous act asks for a reason, not for "are you sure". */
export function AbortView({ check }: { check: Check }) {
  const say = useSay()
  const { tablet, work } = useHands()
  const act = useAct()
  const [reason, setReason] = useState('')
  const foot = (
    <>
      <Button look="danger" disabled={[...reason.trim()].length < SHORTEST_REASON || act.running} onPress={() => void act.run(async () => { await tablet.abort(reason.trim()); tablet.leave() })}>
        {say(words.abortAct)}
      </Button>
      <Button look="primary" icon="back" onPress={() => { work.value = beginning(check) }}>{say(words.keepChecking)}</Button>
    </>
  )
  return (
    <>
      <Trip check={check} />
      <Page title={say(words.abortTitle)} foot={foot} class="narrow">
        <p class="lead">{say(check.phase === 'after_loading' ? words.abortAfterLead : words.abortLead)}</p>
        <ProblemNotice problem={act.problem} />
        <div class="tiles reasons-given">
          {COMMON.map((one) => (
            <button key={one.en} type="button" class="button plain" aria-pressed={reason === say(one)} onClick={() => setReason(say(one))}><span>{say(one)}</span></button>
          ))}
        </div>
        <div class="field">
          <label for="reason">{say(words.abortReason)}</label>
          <textarea id="reason" rows={3} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        </div>
      </Page>
    </>
  )
}
