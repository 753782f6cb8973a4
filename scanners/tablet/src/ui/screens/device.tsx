import type { ComponentChildren } from 'preact'
import type { Standing } from '../../state/model'
import { Button } from '../kit/buttons'
import { Page } from '../kit/page'
import { ProblemNotice, StandingTag } from '../kit/notices'
import { useAct, useHands, useSay } from '../hands'
import { age, dateTime, size } from '../times'
import { common } from '../words/common'
import { device as words } from '../words/device'
import { frame } from '../words/sign_on'

export function DeviceScreen() {
  const say = useSay()
  const { tablet, over, now } = useHands()
  const act = useAct()
  const { clockOffsetMs, clockWrong, storageUsed, storageQuota, storageTight, version, updateWaiting } = tablet.health.value
  const { arrivalsAt, trustAt, revocationsAt, goodUntil, stale } = tablet.kept.value
  const { online, lastContactAt } = tablet.sending.value
  const since = (moment: number | null): string => say(age(moment, now.value))
  const clock = clockOffsetMs === null ? words.clockUnknown : clockWrong ? words.clockOff(Math.round(Math.abs(clockOffsetMs) / 1000)) : words.clockRight
  const foot = (
    <>
      <Button look="quiet" icon="back" onPress={() => { over.value = null }}>{say(common.back)}</Button>
      <Button look={updateWaiting ? 'primary' : 'plain'} disabled={!updateWaiting || act.running} onPress={() => void act.run(() => tablet.takeUpdate())}>
        {say(words.update)}
      </Button>
    </>
  )
  return (
    <Page title={say(words.healthTitle)} foot={foot} class="narrow" reads>
      <ProblemNotice problem={act.problem} />
      <dl class="facts">
        <Fact name={say(words.label)}>{tablet.device.value?.label ?? '—'}</Fact>
        <Fact name={say(words.facility)}>{tablet.device.value ? say(tablet.device.value.facility) : '—'}</Fact>
        <Fact name={say(words.bay)}>{tablet.bay.value?.name ?? '—'}</Fact>
        <Fact name={say(words.connection)} standing={online ? 'passed' : 'unknown'}>
          {say(online ? frame.online : frame.offline)} · {since(lastContactAt)}
        </Fact>
        <Fact name={say(words.clock)} standing={clockOffsetMs === null ? 'missing' : clockWrong ? 'failed' : 'passed'}>{say(clock)}</Fact>
        <Fact name={say(words.storage)} standing={storageTight ? 'failed' : 'passed'}>
          {storageUsed !== null && storageQuota !== null ? (
            <>
              {say(words.storageUsed(size(storageUsed), size(storageQuota)))}
              <meter min={0} max={storageQuota} value={storageUsed} aria-label={say(words.storage)} />
            </>
          ) : '—'}
        </Fact>
        <Fact name={say(words.keptArrivals)} standing={stale ? 'unknown' : 'passed'}>{since(arrivalsAt)}</Fact>
        <Fact name={say(words.keptTrust)}>{since(trustAt)}</Fact>
        <Fact name={say(words.keptRevocations)}>{since(revocationsAt)}</Fact>
        <Fact name={say(words.keptUntil)}>{goodUntil === null ? say(common.never) : dateTime(goodUntil)}</Fact>
        <Fact name={say(words.version)}>
          <span class="mono">{version}</span>{updateWaiting && <span class="quiet"> {say(frame.updateWaiting)}</span>}
        </Fact>
      </dl>
    </Page>
  )
}

function Fact({ name, standing, children }: { name: string; standing?: Standing; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{standing && <StandingTag standing={standing} word="" />} {children}</dd>
    </div>
  )
}
