import { useRef, useState } from 'preact/hooks'
import type { Check, ScanKind } from '../../state/model'
import { Button, Choice } from '../kit/buttons'
import { LetterPad } from '../kit/letter_pad'
import { CARD_KEYS } from '../kit/plate_keys'
import { PictureTaking } from '../kit/picture_taking'
import { useAct, useHands, useSay } from '../hands'
import { check as words } from '../words/check'
import { cards, common } from '../words/common'
import { CheckPage } from './check_page'
import { typedKinds } from './way'

/** A code that cannot be read: its number typed, and the code photographed. */
export function NumberView({ check, expected }: { check: Check; expected: ScanKind | null }) {
  const say = useSay()
  const { tablet, work, eyes } = useHands()
  const act = useAct()
  const kinds = typedKinds(check)
  const [kind, setKind] = useState<ScanKind>(expected ?? kinds.find((one) => check.missing.some((step) => step === one)) ?? 'document')
  const [text, setText] = useState('')
  const [pasted, setPasted] = useState<string | null>(null)
  const [photo, setPhoto] = useState<Blob | null>(null)
  const [taking, setTaking] = useState(false)
  if (taking) {
    return <PictureTaking title={say(words.photographCode)} onCancel={() => setTaking(false)} onPicture={(taken) => { setPhoto(taken); setTaking(false) }} />
  }
  const typed = useRef(text)
  typed.current = text
  const give = async (): Promise<void> => {
    const here = work.peek()
    const done = await act.run(() => tablet.show(text.trim(), text === pasted ? 'pasted' : 'typed', kind, photo ?? undefined))
    // Whoever types the next one already stays.
    if (done && work.peek() === here && typed.current === text) work.value = { view: 'scan', expected: null }
  }
  const paste = (): void => void act.run(async () => {
    const reading = await eyes.paste()
    if (reading === null) return
    setPasted(reading.text)
    setText(reading.text)
  })
  const foot = (
    <>
      <Button look="quiet" icon="back" onPress={() => { work.value = { view: 'scan', expected } }}>{say(common.back)}</Button>
      <Button onPress={paste}>{say(words.paste)}</Button>
      <Button icon="camera" pressed={photo !== null} onPress={() => setTaking(true)}>{say(words.photographCode)}</Button>
      <Button look="primary" disabled={text.trim() === '' || act.running} onPress={() => void give()}>{say(words.enter)}</Button>
    </>
  )
  return (
    <CheckPage check={check} title={say(words.typeNumber)} act={act} foot={foot} missingLine={false} state={<p class="lead">{say(words.numberLead)}</p>}>
      <div class="number-entry">
        <Choice
          label={say(words.which)} chosen={kind} onChoose={setKind}
          choices={kinds.map((value) => ({ value, text: say(cards[value]) }))}
        />
        <div>
          <form class="field" onSubmit={(event) => { event.preventDefault(); if (text.trim() !== '') void give() }}>
            <label for="number">{say(words.number)}</label>
            <input
              id="number" class="mono large" inputMode="none" autocomplete="off" autocapitalize="characters" spellcheck={false}
              value={text} onInput={(event) => setText(event.currentTarget.value)}
            />
          </form>
          <LetterPad label={say(words.number)} keys={CARD_KEYS} onKey={(key) => setText(text + key)} onErase={() => setText(text.slice(0, -1))} />
        </div>
      </div>
    </CheckPage>
  )
}
