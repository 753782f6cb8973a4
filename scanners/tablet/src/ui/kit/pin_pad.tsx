import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../drawing/icons'
import { useSay } from '../hands'
import { common } from '../words/common'
import { signOn } from '../words/sign_on'
import { Key } from './key'
import { PIN_LENGTH, type PadKey, pressPin } from './pad'

interface PinPadProps {
  readonly label: string
  readonly disabled: boolean
  /** Called with six digits as soon as the sixth is pressed. */
  readonly onPin: (pin: string) => void
  /** Changes when the digits are to be forgotten: another person, another attempt. */
  readonly attempt: number
}

const KEYS: readonly PadKey[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'clear', '0', 'erase']

/** Six digits by keys of 72 px and more, or by a keyboard; never shown. */
export function PinPad({ label, disabled, onPin, attempt }: PinPadProps) {
  const say = useSay()
  const [pin, setPin] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    setPin('')
    if (!disabled) field.current?.focus({ preventScroll: true })
  }, [attempt, disabled])

  const press = (key: PadKey): void => give(pressPin(pin, key))
  const give = (next: string): void => {
    setPin(next)
    if (next.length === PIN_LENGTH && next !== pin) onPin(next)
  }
  return (
    <div class="pin-pad">
      <label class="pin-label">
        <span>{label}</span>
        <input
          id="pin" ref={field} class="pin-field unseen" type="password" inputMode="none" autocomplete="off"
          maxLength={PIN_LENGTH} value={pin} disabled={disabled}
          onInput={(event) => give(event.currentTarget.value.replace(/[^0-9]/g, '').slice(0, PIN_LENGTH))}
        />
        <span class="pin-dots" aria-hidden="true">
          {Array.from({ length: PIN_LENGTH }, (_, place) => <i key={place} class={place < pin.length ? 'full' : ''} />)}
        </span>
      </label>
      <p class="unseen" role="status">{say(signOn.digits(pin.length))}</p>
      <div class="pin-keys">
        {KEYS.map((key) => (
          <Key key={key} label={key === 'erase' ? say(common.erase) : undefined} disabled={disabled} onPress={() => press(key)}>
            {key === 'erase' ? <Icon name="erase" /> : key === 'clear' ? say(common.clear) : key}
          </Key>
        ))}
      </div>
    </div>
  )
}
