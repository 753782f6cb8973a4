import { useLayoutEffect, useState } from 'preact/hooks'
import type { Person } from '../../state/model'
import { Button } from '../kit/buttons'
import { Page } from '../kit/page'
import { PinPad } from '../kit/pin_pad'
import { ProblemNotice } from '../kit/notices'
import { Icon } from '../drawing/icons'
import { useAct, useHands, useSay } from '../hands'
import { roles, signOn as words } from '../words/sign_on'
import { BadgeAndPin, isBadge } from './badge_and_pin'

/** Who acts: somebody of today by name and PIN, anybody else by badge and PIN. */
export function SignOnScreen() {
  const say = useSay()
  const { tablet, eyes } = useHands()
  const locked = tablet.stage.value === 'locked'
  const people = tablet.people.value
  const [byBadge, setByBadge] = useState(people.length === 0)
  const [shown, setShown] = useState<string | null>(null)
  // Whoever shows a badge need not say first that there will be one.
  useLayoutEffect(() => eyes.listen((reading) => {
    if (!isBadge(reading)) return
    setShown(reading.text)
    setByBadge(true)
  }), [])
  const turn = (): void => {
    setShown(null)
    setByBadge(!byBadge)
  }
  const foot = (
    <>
      {!locked && !tablet.training.value && (
        <Button look="quiet" icon="practice" label={`${say(words.train)}: ${say(words.trainLead)}`} onPress={() => tablet.startTraining()}>{say(words.train)}</Button>
      )}
      {people.length > 0 && (
        <Button look="plain" icon={byBadge ? 'person' : 'scan'} onPress={turn}>
          {say(byBadge ? words.today : words.other)}
        </Button>
      )}
    </>
  )
  return (
    <Page title={say(locked ? words.lockedTitle : words.title)} foot={foot} class="fixed">
      {byBadge ? <BadgeAndPin shown={shown} onGiven={(badge, pin) => tablet.signOn(badge, pin)} /> : <Known people={people} />}
    </Page>
  )
}

function Known({ people }: { people: readonly Person[] }) {
  const say = useSay()
  const { tablet } = useHands()
  const act = useAct()
  const [who, setWho] = useState<Person | null>(tablet.person.value ?? (people.length === 1 ? people[0]! : null))
  const [attempt, setAttempt] = useState(0)
  const choose = (person: Person): void => {
    act.complain(null)
    setWho(person)
    setAttempt((count) => count + 1)
  }
  const give = async (pin: string): Promise<void> => {
    if (who === null) return
    const done = await act.run(() => tablet.unlock(who.userId, pin))
    if (!done) setAttempt((count) => count + 1)
  }
  return (
    <div class="sign-on">
      <div class="sign-on-who">
        <h2>{say(words.today)}</h2>
        <div class="people">
          {people.map((person) => (
            <button key={person.userId} type="button" class="tile person" aria-pressed={who?.userId === person.userId} onClick={() => choose(person)}>
              <Icon name="person" />
              <span><strong>{person.label}</strong><span class="quiet">{roles[person.role] ? say(roles[person.role]!) : person.role}</span></span>
            </button>
          ))}
        </div>
      </div>
      <div class="sign-on-pin">
        <ProblemNotice problem={act.problem} />
        <PinPad
          label={say(who === null ? words.firstBadge : words.pinFor(who.label))}
          disabled={who === null || act.running} attempt={attempt} onPin={(pin) => void give(pin)}
        />
      </div>
    </div>
  )
}
