import type { ComponentChildren } from 'preact'

interface KeyProps {
  readonly onPress: () => void
  readonly children: ComponentChildren
  readonly label?: string | undefined
  readonly erase?: boolean
  readonly disabled?: boolean | undefined
  /** It writes into the field that has the focus and leaves it there: whoever comes by keyboard types. */
  readonly follows?: boolean
  /** What a press may not take the focus from. */
  readonly keepsFocus?: boolean
}

/**
 * One key of a pad. What a press began on is what is pressed: a notice that appears meanwhile moves
 * the keys from under the finger, and the press would be lost or be another key's.
 */
export function Key({ onPress, children, label, erase = false, disabled, follows = false, keepsFocus = follows }: KeyProps) {
  return (
    <button
      type="button" class={erase ? 'key erase' : 'key'} tabIndex={follows ? -1 : undefined} aria-label={label} disabled={disabled}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onMouseDown={(event) => { if (keepsFocus) event.preventDefault() }}
      onClick={onPress}
    >
      {children}
    </button>
  )
}
