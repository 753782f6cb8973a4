import { Icon } from '../drawing/icons'
import { useSay } from '../hands'
import { common } from '../words/common'

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
        <button
          key={key} type="button" class="key" tabIndex={follows ? -1 : undefined} disabled={barred?.(key)}
          onMouseDown={(event) => event.preventDefault()} onClick={() => onKey(key)}
        >
          {key}
        </button>
      ))}
      <button type="button" class="key erase" tabIndex={follows ? -1 : undefined} aria-label={say(common.erase)} onMouseDown={(event) => event.preventDefault()} onClick={onErase}>
        <Icon name="erase" />
      </button>
    </div>
  )
}
