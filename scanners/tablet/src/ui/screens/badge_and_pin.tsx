import { useLayoutEffect, useState } from 'preact/hooks'
import type { Reading } from '../../eyes'
import { CameraView } from '../kit/camera_view'
import { PinPad } from '../kit/pin_pad'
import { ProblemNotice } from '../kit/notices'
import { Shape } from '../drawing/shapes'
import { useAct, useHands, useSay } from '../hands'
import { signOn as words } from '../words/sign_on'

/** What a badge's code begins with; other codes held up by mistake are said to be none. */
const BADGE = 'WBB1.'

export const isBadge = ({ text }: Reading): boolean => text.startsWith(BADGE)

interface BadgeAndPinProps {
  /** A badge that was shown before it was asked for. */
  readonly shown?: string | null
  readonly onGiven: (badge: string, pin: string) => Promise<void>
}

/** Somebody shows a badge and presses a PIN: at sign-on, for a consent, as a second person. */
export function BadgeAndPin({ shown = null, onGiven }: BadgeAndPinProps) {
  const say = useSay()
  const { eyes } = useHands()
  const act = useAct()
  const [badge, setBadge] = useState<string | null>(shown)
  const [attempt, setAttempt] = useState(0)
  const read = (reading: Reading): void => {
    if (!isBadge(reading)) return act.complain(words.notBadge)
    act.complain(null)
    setBadge(reading.text)
    setAttempt((count) => count + 1)
  }
  useLayoutEffect(() => eyes.listen(read, 'asks'), [])
  const give = async (pin: string): Promise<void> => {
    if (badge === null) return
    const done = await act.run(() => onGiven(badge, pin))
    if (!done) setAttempt((count) => count + 1)
  }
  return (
    <div class="sign-on">
      <div class="sign-on-who">
        {badge === null ? (
          <CameraView hint={say(words.badgeLead)} onReading={read} anew />
        ) : (
          <p class="badge-read" role="status"><Shape standing="passed" />{say(words.badgeRead)}</p>
        )}
      </div>
      <div class="sign-on-pin">
        <ProblemNotice problem={act.problem} />
        <PinPad
          label={say(badge === null ? words.firstBadge : words.pin)}
          disabled={badge === null || act.running} attempt={attempt} onPin={(pin) => void give(pin)}
        />
      </div>
    </div>
  )
}
