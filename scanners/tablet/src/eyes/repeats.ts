import { REPEAT_MS } from './index'

/**
 * Says whether a text is new. One that is seen again and again stays old, however long; it is new
 * again once it was out of sight for `REPEAT_MS`.
 */
export class Repeats {
  private readonly lastSeen = new Map<string, number>()

  /** Whoever looks from now on has seen nothing yet. */
  forget(): void {
    this.lastSeen.clear()
  }

  isNew(text: string, now: number): boolean {
    for (const [seen, at] of this.lastSeen) {
      if (now - at >= REPEAT_MS) this.lastSeen.delete(seen)
    }
    const isNew = !this.lastSeen.has(text)
    this.lastSeen.set(text, now)
    return isNew
  }
}
