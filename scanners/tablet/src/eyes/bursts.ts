/**
 * When keys are a scanner's and when a person's: by their pace alone. No hand writes six characters
 * and Enter at forty milliseconds each; a person's rolls of two or three keys are shorter.
 */

/** Longest pause inside a code: radio scanners stumble. */
export const LONGEST_PAUSE_MS = 100
/** Slowest pace of a whole code, per character. */
export const SLOWEST_PACE_MS = 40
/** Shorter texts are no codes. */
export const FEWEST_KEYS = 6
/** From so many fast keys on, keys that write nowhere are kept from pressing buttons. */
export const SURELY_FAST_KEYS = 3

/** Keys that follow each other fast. */
export class Burst {
  text = ''
  private keys = 0
  private readonly beganAt: number
  private lastAt: number

  constructor(at: number) {
    this.beganAt = this.lastAt = at
  }

  /** Whether a key at this moment still belongs to it. */
  goesOn(at: number): boolean {
    return at - this.lastAt <= LONGEST_PAUSE_MS
  }

  add(text: string, at: number): void {
    this.text += text
    this.keys += 1
    this.lastAt = at
  }

  get isFast(): boolean {
    return this.keys >= SURELY_FAST_KEYS && this.pace <= SLOWEST_PACE_MS
  }

  get isScanned(): boolean {
    return this.keys >= FEWEST_KEYS && this.pace <= SLOWEST_PACE_MS
  }

  private get pace(): number {
    return (this.lastAt - this.beganAt) / Math.max(1, this.keys - 1)
  }
}

/**
 * Text that comes into a field without keys: handhelds with a built-in scanner, and input methods
 * that hide which key was pressed, write whole pieces at once.
 */
export class Insertion {
  private lastAt: number

  constructor(
    /** What stood in the field before. */
    readonly before: string,
    private readonly beganAt: number,
  ) {
    this.lastAt = beganAt
  }

  goesOn(at: number): boolean {
    return at - this.lastAt <= LONGEST_PAUSE_MS
  }

  add(at: number): void {
    this.lastAt = at
  }

  /** What was written into the field at a scanner's pace, or `null`. */
  scanned(after: string): string | null {
    const text = inserted(this.before, after)
    const fast = this.lastAt - this.beganAt <= text.length * SLOWEST_PACE_MS
    return fast && text.length >= FEWEST_KEYS && /[0-9\uff10-\uff19]/.test(text) ? text : null
  }
}

/** What stands in a text that did not stand in it before, where all else stayed. */
export function inserted(before: string, after: string): string {
  const length = after.length - before.length
  if (length <= 0) return ''
  let start = 0
  while (start < before.length && before[start] === after[start]) start += 1
  return after.endsWith(before.slice(start)) ? after.slice(start, start + length) : ''
}
