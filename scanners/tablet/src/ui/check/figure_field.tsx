import { fits } from '../kit/pad'
import { shapeOfFigure } from './loading_form'

interface FigureFieldProps {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly chosen: boolean
  readonly onChoose: () => void
  readonly onValue: (value: string) => void
}

/** A figure to be pressed on the pad beside it, or typed; what is no figure is not taken. */
export function FigureField({ name, label, value, chosen, onChoose, onValue }: FigureFieldProps) {
  return (
    <label class={`figure-field ${chosen ? 'chosen' : ''}`}>
      <span>{label}</span>
      <input
        name={name} class="mono" inputMode="none" autocomplete="off" value={value} onFocus={onChoose}
        onInput={(event) => {
          const next = fits(event.currentTarget.value, shapeOfFigure(name))
          if (next === null) event.currentTarget.value = value
          else onValue(next)
        }}
      />
    </label>
  )
}
