import { Icon } from '../drawing/icons'
import { useSay } from '../hands'
import { common } from '../words/common'
import { loading } from '../words/verdict'
import type { PadKey } from './pad'

const ROWS: readonly PadKey[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '0', 'erase']

interface NumberPadProps {
  readonly onKey: (key: PadKey) => void
  readonly point: boolean
  readonly signed: boolean
}

/** Digits for the field that has the focus, which stays there: whoever comes by keyboard types. */
export function NumberPad({ onKey, point, signed }: NumberPadProps) {
  const say = useSay()
  const name = (key: PadKey): string | undefined =>
    key === 'erase' ? say(common.erase) : key === '.' ? say(loading.point) : key === '-' ? say(loading.sign) : undefined
  const keys: readonly PadKey[] = signed ? [...ROWS, '-'] : ROWS
  return (
    <div class="number-pad" role="group" aria-label={say(loading.pad)}>
      {keys.map((key) => (
        <button
          key={key} type="button" class="key" tabIndex={-1} aria-label={name(key)} disabled={key === '.' && !point}
          onMouseDown={(event) => event.preventDefault()} onClick={() => onKey(key)}
        >
          {key === 'erase' ? <Icon name="erase" /> : key === '-' ? '±' : key}
        </button>
      ))}
    </div>
  )
}
