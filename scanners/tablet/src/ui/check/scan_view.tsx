import type { Reading } from '../../eyes'
import type { Check, ScanKind } from '../../state/model'
import { Button } from '../kit/buttons'
import { CameraView } from '../kit/camera_view'
import { PictureFile } from '../kit/picture_taking'
import { Shape } from '../drawing/shapes'
import { useAct, useHands, useSay } from '../hands'
import { check as words } from '../words/check'
import { cards, todos } from '../words/common'
import { CheckPage } from './check_page'
import { LastResultCard } from './last_result'
import { ReasonCard, standing } from './reasons'
import { standingOf, workFor } from './way'

/** The middle of the check: the camera, the last result beside it, and what is still missing. */
export function ScanView({ check, expected }: { check: Check; expected: ScanKind | null }) {
  const say = useSay()
  const { tablet, work, eyes } = useHands()
  const act = useAct()
  // A code that comes while another is being judged counts too: a card is not held up twice.
  const read = ({ text, through }: Reading): void => void act.beside(() => tablet.show(text, through, expected))
  const picture = (file: Blob): void => {
    void act.run(async () => {
      const reading = await eyes.readPicture(file)
      if (reading) await tablet.show(reading.text, reading.through, expected, file)
      else act.complain(words.pictureUnread)
    })
  }
  const keys = (
    <>
      <Button icon="keys" onPress={() => { work.value = { view: 'number', expected } }}>{say(words.unreadable)}</Button>
      <PictureFile label={say(words.fromPicture)} onPicture={picture} />
    </>
  )
  return (
    <CheckPage check={check} title={say(words.scan)} act={act} keys={keys} class="fixed" hideTitle missingLine={false}>
      <div class="scan-grid">
        <CameraView
          onReading={read} flash={check.last?.standing}
          hint={say(tablet.busy.value ? words.judging : words.expecting(expected === null ? words.anyCard : cards[expected]))}
        />
        <div class="beside">
          <LastResultCard check={check} />
          <StepReasons check={check} expected={expected} />
          <Missing check={check} />
        </div>
      </div>
    </CheckPage>
  )
}

/** What stands against the step that was pressed, when the last result does not say it already. */
function StepReasons({ check, expected }: { check: Check; expected: ScanKind | null }) {
  const step = check.steps.find(({ kind }) => kind === expected)
  const against = step && check.last?.kind !== expected ? standing(step.reasons) : []
  return against.length > 0 ? <ul class="cards">{against.map((reason, place) => <ReasonCard key={place} reason={reason} />)}</ul> : null
}

function Missing({ check }: { check: Check }) {
  const say = useSay()
  const { work } = useHands()
  return (
    <section class="todo" aria-labelledby="todo">
      <h2 id="todo">{check.missing.length === 0 ? say(words.allThere) : `${say(words.missing)} ${check.missing.length}`}</h2>
      <ul>
        {check.missing.map((kind) => (
          <li key={kind}>
            <button type="button" class={`todo-item ${standingOf(check, kind)}`} onClick={() => { work.value = workFor(kind) }}>
              <Shape standing={standingOf(check, kind)} /><span>{say(todos[kind])}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
