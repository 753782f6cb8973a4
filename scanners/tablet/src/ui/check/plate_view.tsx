import { useState } from 'preact/hooks'
import type { Check, Plate, Unit } from '../../state/model'
import { Button } from '../kit/buttons'
import { LetterPad } from '../kit/letter_pad'
import { COLOURS, DIGITS, ENDINGS, LETTERS, PROVINCES, complete, keysFor, mayFollow, pressPlate, tidyPlate } from '../kit/plate_keys'
import { PictureTaking } from '../kit/picture_taking'
import { NumberPlate } from '../drawing/number_plate'
import { useAct, useHands, useSay } from '../hands'
import { check as checkWords } from '../words/check'
import { plateColours, plates as words } from '../words/plates'
import { CheckPage } from './check_page'
import { nextStep, workFor } from './way'

/** The plate as it is on the vehicle: province by one key, then letters and digits. */
export function PlateView({ check, unit }: { check: Check; unit: Unit }) {
  const say = useSay()
  const { tablet, work } = useHands()
  const act = useAct()
  const [plate, setPlate] = useState('')
  const [colour, setColour] = useState<Plate['colour']>('yellow')
  const [photo, setPhoto] = useState<Blob | null>(null)
  const [taking, setTaking] = useState(false)
  if (taking) {
    return <PictureTaking title={say(words[unit])} onCancel={() => setTaking(false)} onPicture={(taken) => { setPhoto(taken); setTaking(false) }} />
  }
  const give = async (): Promise<void> => {
    if (!complete(plate)) return act.complain(words.tooShort)
    const here = work.peek()
    const done = await act.run(() => tablet.seePlate(unit, { plate, colour }, photo ? 'photo' : 'typed', photo ?? undefined))
    // Who has gone on meanwhile stays where they are.
    if (!done || work.peek() !== here) return
    const next = nextStep(tablet.check.peek() ?? check, work.peek())
    work.value = next === null ? { view: 'scan', expected: null } : workFor(next)
  }
  const foot = (
    <>
      <Button icon="scan" onPress={() => { work.value = { view: 'scan', expected: null } }}>{say(checkWords.scan)}</Button>
      <Button icon="camera" pressed={photo !== null} onPress={() => setTaking(true)}>{say(photo ? words.photographed : words.photograph)}</Button>
      <Button look="primary" disabled={act.running} onPress={() => void give()}>{say(words.enter)}</Button>
    </>
  )
  const provinces = keysFor(plate) === 'province'
  return (
    <CheckPage check={check} title={say(words[unit])} act={act} foot={foot} hidePlates state={<p class="lead">{say(words.lookAtVehicle)}</p>}>
      <div class="plate-entry">
        <form class="field" onSubmit={(event) => { event.preventDefault(); void give() }}>
          <label for="plate">{say(words.number)}</label>
          <input id="plate" class="mono large" inputMode="none" autocomplete="off" spellcheck={false} value={plate} onInput={(event) => setPlate(tidyPlate(event.currentTarget.value))} />
        </form>
        <fieldset class="choice colours">
          <legend>{say(words.colour)}</legend>
          <div class="choices">
            {COLOURS.map((one) => (
              <button key={one} type="button" class="button plain colour" aria-pressed={one === colour} onClick={() => setColour(one)}>
                <NumberPlate plate={{ plate: '', colour: one }} /><span>{say(plateColours[one])}</span>
              </button>
            ))}
          </div>
        </fieldset>
      </div>
      <LetterPad
        label={say(provinces ? words.provinces : words.letters)}
        keys={provinces ? PROVINCES : [...DIGITS, ...LETTERS, ...ENDINGS]}
        barred={(key) => !mayFollow(plate, key)}
        onKey={(key) => setPlate(pressPlate(plate, key))} onErase={() => setPlate(plate.slice(0, -1))}
      />
    </CheckPage>
  )
}
