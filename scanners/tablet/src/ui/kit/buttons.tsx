import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from '../drawing/icons'

interface ButtonProps {
  readonly children: ComponentChildren
  readonly onPress: () => void
  readonly icon?: IconName
  /** `primary` once a screen, where the thumb is; `quiet` has no edge. */
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger'
  readonly disabled?: boolean | undefined
  readonly pressed?: boolean | undefined
  readonly label?: string | undefined
  readonly class?: string
}

export function Button({ children, onPress, icon, look = 'plain', disabled, pressed, label, class: extra = '' }: ButtonProps) {
  return (
    <button
      type="button" class={`button ${look} ${extra}`} onClick={onPress}
      disabled={disabled} aria-pressed={pressed} aria-label={label}
    >
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  )
}

interface ChoiceProps<Value> {
  readonly label: string
  readonly hidden?: boolean
  readonly choices: readonly { readonly value: Value; readonly text: string }[]
  /** `null`: none yet. */
  readonly chosen: Value | null
  readonly onChoose: (value: Value) => void
}

/** One of a few, each a large button that says whether it is chosen. */
export function Choice<Value extends string | number | boolean | null>({ label, hidden, choices, chosen, onChoose }: ChoiceProps<Value>) {
  return (
    <fieldset class="choice">
      <legend class={hidden ? 'unseen' : ''}>{label}</legend>
      <div class="choices">
        {choices.map(({ value, text }) => (
          <button
            key={String(value)} type="button" class="button plain"
            aria-pressed={value === chosen} onClick={() => onChoose(value)}
          >
            <span>{text}</span>
          </button>
        ))}
      </div>
    </fieldset>
  )
}
