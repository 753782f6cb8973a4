import { lookAt, restAfter, type Look } from './scheduling'

export interface Clockwork {
  now(): number
  /** Calls once after `ms`; the answer calls it off. */
  after(ms: number, call: () => void): () => void
}

export const browserClockwork: Clockwork = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

/**
 * Looks again and again. A look begins only when the one before has answered, so never more than
 * one picture is under way. `read` answers whether it found a code.
 */
export class Looking {
  private running = 0
  private turn = 0
  private lastFoundAt = 0
  private underWay: Promise<unknown> = Promise.resolve()
  private callOff: () => void = () => undefined

  constructor(
    private readonly read: (look: Look) => Promise<boolean>,
    private readonly clockwork: Clockwork = browserClockwork,
  ) {}

  start(): void {
    this.stop()
    this.lastFoundAt = this.clockwork.now()
    const run = this.running
    void this.underWay.then(() => this.step(run))
  }

  /** A look under way still answers; what it found is for whoever stopped to drop. */
  stop(): void {
    this.running += 1
    this.callOff()
  }

  private async step(run: number): Promise<void> {
    if (run !== this.running) return
    const began = this.clockwork.now()
    const reading = this.read(lookAt(this.turn)).catch(() => false)
    this.underWay = reading
    this.turn += 1
    const found = await reading
    if (run !== this.running) return
    const ended = this.clockwork.now()
    if (found) this.lastFoundAt = ended
    this.callOff = this.clockwork.after(
      restAfter(ended - began, ended - this.lastFoundAt),
      () => void this.step(run),
    )
  }
}
