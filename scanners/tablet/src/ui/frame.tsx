import type { ComponentChildren } from 'preact'
import { Icon } from './drawing/icons'
import { type Over, useHands, useSay } from './hands'
import { PracticeCards } from './practice'
import { age } from './times'
import { common } from './words/common'
import { frame as words, practice } from './words/sign_on'

/** Bay, network, what is unsent, and who acts: always in the same place. */
export function Bar() {
  const say = useSay()
  const { tablet, over } = useHands()
  const person = tablet.person.value
  const open = tablet.stage.value === 'arrivals' || tablet.stage.value === 'check'
  return (
    <header class="bar">
      <button type="button" class="bar-key" aria-label={say(words.menu)} aria-expanded={over.value === 'menu'} onClick={() => { over.value = over.value === 'menu' ? null : 'menu' }}>
        <Icon name="menu" />
      </button>
      <p class="bar-bay">
        <strong>{tablet.bay.value?.name ?? say(common.product)}</strong>
        {tablet.device.value && <span class="quiet">{say(tablet.device.value.facility)}</span>}
      </p>
      <Connection />
      {open && person && (
        <button type="button" class="bar-key lock" onClick={() => tablet.lock()}>
          <span class="who"><strong>{person.label}</strong><span>{say(words.lock)}</span></span>
          <Icon name="lock" />
        </button>
      )}
    </header>
  )
}

/** On or off line, and the count of what waits: a press shows it. */
function Connection() {
  const say = useSay()
  const { tablet, over } = useHands()
  const { online, unsent, sendingNow } = tablet.sending.value
  if (tablet.stage.value === 'enrol' || tablet.stage.value === 'revoked') return null
  return (
    <button type="button" class={`bar-key connection ${online ? 'online' : 'offline'} ${unsent > 0 ? 'waiting' : ''}`} onClick={() => { over.value = 'unsent' }}>
      {!online && <Icon name="offline" />}
      <span>
        <strong>{say(online ? words.online : words.offline)}</strong>
        <span>{say(unsent === 0 ? words.allSent : sendingNow ? words.sending : words.unsent(unsent))}</span>
      </span>
    </button>
  )
}

/** What must not be overlooked, most important first. */
export function Banners() {
  const say = useSay()
  const { tablet, now, over, practising } = useHands()
  const { online, lastContactAt, contradicted } = tablet.sending.value
  const { trustAt, revocationsAt, arrivalsAt, stale } = tablet.kept.value
  const { clockWrong, clockOffsetMs, storageTight } = tablet.health.value
  const since = (moment: number | null): string => say(age(moment, now.value))
  return (
    <div class="banners">
      {tablet.training.value && (
        <div class="banner training" role="note">
          <p><strong>{say(words.training)}</strong> <span>{say(words.trainingMeans)}</span></p>
          <button type="button" class="button plain" aria-expanded={practising.value} onClick={() => { practising.value = !practising.value }}>{say(practice.cards)}</button>
          <button type="button" class="button plain" onClick={() => tablet.endTraining()}>{say(words.endTraining)}</button>
        </div>
      )}
      {tablet.training.value && practising.value && <PracticeCards />}
      {!online && tablet.device.value && (
        <div class="banner offline" role="note">
          <Icon name="offline" />
          <p>
            <strong>{say(lastContactAt === null ? words.neverConnected : words.offlineSince(since(lastContactAt)))}</strong>
            <span> · {say(words.arrivalsAge(since(arrivalsAt)))} · {say(words.trustAge(since(trustAt)))} · {say(words.revocationsAge(since(revocationsAt)))}</span>
            {stale && <strong> · {say(words.stale)}</strong>}
            <span class="means"> {say(words.offlineMeans)}</span>
          </p>
        </div>
      )}
      {contradicted.length > 0 && (
        <Warning to="contradictions">{say(words.contradictions(contradicted.length))}</Warning>
      )}
      {clockWrong && clockOffsetMs !== null && (
        <Warning to="device">{say(words.clockWrong(Math.round(clockOffsetMs / 60_000)))}</Warning>
      )}
      {storageTight && <Warning to="unsent">{say(words.storageTight)}</Warning>}
    </div>
  )

  function Warning({ to, children }: { to: Over; children: ComponentChildren }) {
    return (
      <div class="banner warning" role="note">
        <Icon name="warning" />
        <p>{children}</p>
        <button type="button" class="button plain" onClick={() => { over.value = to }}>{say(words.show)}</button>
      </div>
    )
  }
}
