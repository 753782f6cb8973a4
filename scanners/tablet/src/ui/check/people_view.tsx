import { useState } from 'preact/hooks'
import type { Check, CrewRole, StepKind, Words } from '../../state/model'
import { Button } from '../kit/buttons'
import { StandingTag } from '../kit/notices'
import { Page } from '../kit/page'
import { useAct, useHands, useSay } from '../hands'
import { BadgeAndPin } from '../screens/badge_and_pin'
import { check as words } from '../words/check'
import { cards, common } from '../words/common'
import { CheckPage } from './check_page'
import { ReasonCard, standing } from './reasons'

/** Whom the loader looks at; a supervisor answers for himself, by badge and PIN. */
const ASKED: Readonly<Partial<Record<CrewRole, Words>>> = { driver: words.driverHere, escort: words.escortHere }

/** Who is here: each person's card and whether the one on it stands before you. */
export function PeopleView({ check }: { check: Check }) {
  const say = useSay()
  const { tablet, work } = useHands()
  const act = useAct()
  const [here, setHere] = useState<Partial<Record<CrewRole, boolean>>>({})
  const [consenting, setConsenting] = useState(false)
  if (consenting) {
    const foot = <Button look="primary" icon="back" onPress={() => setConsenting(false)}>{say(common.back)}</Button>
    return (
      <Page title={say(words.consent)} foot={foot} class="fixed" aside={<p class="lead">{say(words.consentLead)}</p>}>
        <BadgeAndPin onGiven={async (badge, pin) => { await tablet.consent(badge, pin); setConsenting(false) }} />
      </Page>
    )
  }
  const see = async (role: CrewRole, present: boolean): Promise<void> => {
    setHere((was) => ({ ...was, [role]: present }))
    const done = await act.beside(() => tablet.seePerson(role, present))
    if (!done) setHere(({ [role]: _, ...others }) => others)
  }
  const people = check.steps.filter(({ kind, needed }) => needed && isPerson(kind))
  return (
    <CheckPage check={check} title={say(words.people)} act={act}>
      <ul class="cards people-cards">
        {people.map((step) => {
          const role = step.kind as CrewRole
          return (
            <li key={role} class={`card ${step.standing}`}>
              <h2>{say(cards[role])} <StandingTag standing={step.standing} /></h2>
              {ASKED[role] && (
                <div class="question">
                  <p id={`here-${role}`}>{say(ASKED[role])}</p>
                  <div class="yes-no" role="group" aria-labelledby={`here-${role}`}>
                    <Button class="yes" pressed={here[role] ?? step.standing === 'passed'} onPress={() => void see(role, true)}>{say(common.here)}</Button>
                    <Button class="no" pressed={here[role] === false} onPress={() => void see(role, false)}>{say(common.notHere)}</Button>
                  </div>
                </div>
              )}
              {role === 'supervisor' && (
                <>
                  <p class="quiet">{say(words.consentLead)}</p>
                  <Button icon="scan" onPress={() => setConsenting(true)}>{say(words.consent)}</Button>
                </>
              )}
              {step.standing !== 'passed' && (
                <Button icon="scan" onPress={() => { work.value = { view: 'scan', expected: role } }}>{say(words.expecting(cards[role]))}</Button>
              )}
              <ul class="cards">{standing(step.reasons).map((reason, place) => <ReasonCard key={place} reason={reason} />)}</ul>
            </li>
          )
        })}
      </ul>
    </CheckPage>
  )
}

const isPerson = (kind: StepKind): boolean => kind === 'driver' || kind === 'escort' || kind === 'supervisor'
