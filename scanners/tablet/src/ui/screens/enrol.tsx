import { useEffect, useState } from 'preact/hooks'
import { DIGITS, LETTERS } from '../kit/plate_keys'
import { Button } from '../kit/buttons'
import { LetterPad } from '../kit/letter_pad'
import { ProblemNotice } from '../kit/notices'
import { Page } from '../kit/page'
import { useAct, useHands, useSay } from '../hands'
import { signOn as words } from '../words/sign_on'

const CODE_LENGTH = 8

/** A one-time code as it is read out: `ABCD-EFGH`. */
export function tidyCode(typed: string): string {
  const plain = typed.normalize('NFKC').toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, CODE_LENGTH)
  return plain.length > 4 ? `${plain.slice(0, 4)}-${plain.slice(4)}` : plain
}

export function EnrolScreen() {
  const say = useSay()
  const { tablet, eyes } = useHands()
  const act = useAct()
  const [code, setCode] = useState('')
  const whole = code.length === CODE_LENGTH + 1
  const enrol = (): void => void act.run(() => tablet.enrol(code))
  // Pasted or scanned beside the field it is the code all the same.
  useEffect(() => eyes.listen(({ text }) => setCode(tidyCode(text))), [])
  const foot = (
    <Button look="primary" disabled={!whole || act.running} onPress={enrol}>{say(words.enrol)}</Button>
  )
  return (
    <Page title={say(words.enrolTitle)} foot={foot} class="narrow">
      <p class="lead">{say(words.enrolLead)}</p>
      <ProblemNotice problem={act.problem} />
      <form class="field" onSubmit={(event) => { event.preventDefault(); if (whole) enrol() }}>
        <label for="code">{say(words.code)}</label>
        <input
          id="code" data-typed class="mono large" inputMode="none" autocomplete="off" autocapitalize="characters" spellcheck={false}
          value={code} placeholder="ABCD-EFGH" onInput={(event) => setCode(tidyCode(event.currentTarget.value))}
        />
      </form>
      <LetterPad
        label={say(words.code)} keys={[...DIGITS, ...LETTERS]}
        onKey={(key) => setCode(tidyCode(code + key))} onErase={() => setCode(tidyCode(code.slice(0, -1)))}
      />
    </Page>
  )
}

/** The server knows nothing of this tablet: what waits is kept, and a new code lets it go on. */
export function UnknownScreen() {
  const say = useSay()
  const { tablet } = useHands()
  const { unsent } = tablet.sending.value
  return (
    <>
      <div class="revoked" role="alert">
        <h2>{say(words.unknownTitle)}</h2>
        <p>{say(words.unknownLead)} {say(unsent > 0 ? words.unknownKept(unsent) : words.unknownEmpty)}</p>
      </div>
      <EnrolScreen />
    </>
  )
}

/** A lost or retired tablet: nothing is left, and only a new code brings it back. */
export function RevokedScreen() {
  const say = useSay()
  const { tablet } = useHands()
  const { unsent } = tablet.sending.value
  return (
    <>
      <div class="revoked" role="alert">
        <h2>{say(words.revokedTitle)}</h2>
        <p>{say(words.revokedLead)}{unsent > 0 && ` ${say(words.revokedSending(unsent))}`}</p>
      </div>
      <EnrolScreen />
    </>
  )
}
