import { Icon } from '../drawing/icons'
import { useSay } from '../hands'
import { common } from '../words/common'
import { loading } from '../words/verdict'
import { Key } from './key'
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
        <Key key={key} follows label={name(key)} disabled={key === '.' && !point} onPress={() => onKey(key)}>
          {key === 'erase' ? <Icon name="erase" /> : key === '-' ? '±' : key}
        </Key>
      ))}
    </div>
  )
}
