/** The worker as seen from the page. */

import type { Code } from './decoding'
import type { Look } from './scheduling'
import type { Answer, Asked, Question } from './worker'

export interface Answered {
  readonly codes: readonly Code[]
  readonly tookMs: number
}

interface Waiting {
  readonly resolve: (answered: Answered) => void
  readonly reject: (reason: Error) => void
  readonly timer: ReturnType<typeof setTimeout>
}

/** Nothing takes so long that works: a picture of forty million pixels of noise takes ten. */
const PATIENCE_MS = 30_000

/**
 * Asks the worker, which is made when it is first needed. One that fails or does not answer is
 * ended, all that waits is refused, and the next question makes a new one.
 */
export class CodeReader {
  private worker: Worker | null = null
  private readonly waiting = new Map<number, Waiting>()
  private last = 0

  constructor(private readonly makeWorker: () => Worker = shippedWorker) {}

  /** Resolves when codes can be read; rejects where that is not to be had. */
  async ready(): Promise<void> {
    await this.ask({ kind: 'ready' }, [])
  }

  /** Looks at a frame, which belongs to the worker from then on. */
  look(frame: VideoFrame | ImageBitmap, look: Look): Promise<Answered> {
    return this.ask({ kind: 'frame', frame, look }, [frame])
  }

  /** Reads a decoded picture, which belongs to the worker from then on. */
  read(picture: ImageBitmap): Promise<Answered> {
    return this.ask({ kind: 'picture', picture }, [picture])
  }

  private ask(question: Question, given: Transferable[]): Promise<Answered> {
    const id = (this.last += 1)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.giveUp('no answer'), PATIENCE_MS)
      this.waiting.set(id, { resolve, reject, timer })
      this.atWork().postMessage({ id, question } satisfies Asked, given)
    })
  }

  private atWork(): Worker {
    if (this.worker) return this.worker
    const worker = this.makeWorker()
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.take(data)
    worker.onerror = (event) => this.giveUp(event.message || 'the worker failed')
    this.worker = worker
    return worker
  }

  private take(answer: Answer): void {
    if ('error' in answer) {
      // WebAssembly that failed once is in no known state.
      this.giveUp(answer.error)
      return
    }
    const asked = this.waiting.get(answer.id)
    this.waiting.delete(answer.id)
    clearTimeout(asked?.timer)
    asked?.resolve({ codes: answer.codes, tookMs: answer.tookMs })
  }

  private giveUp(why: string): void {
    this.worker?.terminate()
    this.worker = null
    const refused = [...this.waiting.values()]
    this.waiting.clear()
    for (const { reject, timer } of refused) {
      clearTimeout(timer)
      reject(new Error(why))
    }
  }
}

function shippedWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'eyes' })
}

let shared: CodeReader | null = null

/** The one reader of this page: cameras and pictures share its worker and memory. */
export function codeReader(): CodeReader {
  return (shared ??= new CodeReader())
}
