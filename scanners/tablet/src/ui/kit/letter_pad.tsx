import { Icon } from '../drawing/icons'
import { useSay } from '../hands'
import { common } from '../words/common'
import { Key } from './key'

interface LetterPadProps {
  readonly label: string
  readonly keys: readonly string[]
  readonly onKey: (key: string) => void
  readonly onErase: () => void
  readonly barred?: (key: string) => boolean
  /** It follows the field that has the focus: whoever comes by keyboard types there. */
  readonly follows?: boolean
}

/** Large keys for what a card's number or a plate is made of. */
export function LetterPad({ label, keys, onKey, onErase, barred, follows = false }: LetterPadProps) {
  const say = useSay()
  return (
    <div class="letter-pad" role="group" aria-label={label}>
      {keys.map((key) => (
        <Key key={key} follows={follows} keepsFocus disabled={barred?.(key)} onPress={() => onKey(key)}>{key}</Key>
      ))}
      <Key erase follows={follows} keepsFocus label={say(common.erase)} onPress={onErase}><Icon name="erase" /></Key>
    </div>
  )
}
