/** Fields that text can be typed into, as far as scanners and pasting need to know them. */

const NOT_TYPED_INTO = new Set([
  'button', 'checkbox', 'color', 'file', 'hidden', 'image', 'radio', 'range', 'reset', 'submit',
])

export interface Field {
  value: string
  readonly selectionStart: number | null
  setSelectionRange?(start: number, end: number): void
  dispatchEvent(event: Event): boolean
}

/** Whether keys that are pressed there write text. */
export function isEditable(target: EventTarget | null): boolean {
  return fieldOf(target) !== null || Boolean((target as HTMLElement | null)?.isContentEditable)
}

/** Whether a field takes every key as it comes, fast ones too: what a scanner types there is typed. */
export function takesKeys(target: EventTarget | null): boolean {
  return (target as HTMLElement | null)?.dataset?.typed !== undefined
}

/** The target as a field whose text can be put back, or `null`. */
export function fieldOf(target: EventTarget | null): Field | null {
  const element = target as HTMLInputElement | null
  const name = element?.tagName?.toUpperCase()
  if (name === 'TEXTAREA') return element
  return name === 'INPUT' && !NOT_TYPED_INTO.has(element?.type ?? '') ? element : null
}

/** Gives a field a text as if it had been typed, so that whoever listens to it knows. */
export function write(field: Field, value: string): void {
  if (field.value === value) return
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
