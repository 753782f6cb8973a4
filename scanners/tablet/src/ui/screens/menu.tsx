import { Button } from '../kit/buttons'
import { Page } from '../kit/page'
import { type Over, useAct, useHands, useSay } from '../hands'
import { Icon, type IconName } from '../drawing/icons'
import { ProblemNotice } from '../kit/notices'
import { common } from '../words/common'
import { device as words } from '../words/device'
import { frame, signOn } from '../words/sign_on'

/** Everything that is not the check itself. */
export function MenuScreen() {
  const say = useSay()
  const { tablet, over } = useHands()
  const act = useAct()
  const { unsent, contradicted } = tablet.sending.value
  const signedOn = tablet.person.value !== null && tablet.stage.value !== 'locked'
  const close = (): void => { over.value = null }
  const to = (where: Over) => (): void => { over.value = where }
  const item = (icon: IconName, text: string, onPress: () => void, count = 0) => (
    <button type="button" class="tile item" onClick={onPress}>
      <Icon name={icon} />
      <span>{text}</span>
      {count > 0 && <strong class="count">{count}</strong>}
    </button>
  )
  const foot = <Button look="primary" icon="back" onPress={close}>{say(common.back)}</Button>
  return (
    <Page title={say(words.menuTitle)} foot={foot} class="narrow">
      <ProblemNotice problem={act.problem} />
      <nav class="tiles menu">
        {item('settings', say(words.settingsTitle), to('settings'))}
        {item('send', say(words.unsentTitle), to('unsent'), unsent)}
        {item('warning', say(words.contradictionsTitle), to('contradictions'), contradicted.length)}
        {item('device', say(words.healthTitle), to('device'))}
        {tablet.training.value
          ? item('practice', say(frame.endTraining), () => { tablet.endTraining(); close() })
          : item('practice', say(words.startTraining), () => { tablet.startTraining(); close() })}
        {signedOn && item('back', say(words.changeBay), () => { tablet.changeBay(); close() })}
        {signedOn && item('person', say(words.signOff), () => void act.run(async () => { await tablet.signOff(); close() }))}
      </nav>
      <p class="quiet">{say(signOn.trainLead)}</p>
    </Page>
  )
}
