import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { CodeReader } from '../../src/eyes/reader'
import { LOOKS } from '../../src/eyes/scheduling'

/** A worker that answers when a test says so. */
class FakeWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null
  onerror: ((event: { message: string }) => void) | null = null
  ended = false
  readonly asked: { id: number }[] = []

  postMessage(asked: { id: number }): void {
    this.asked.push(asked)
  }

  terminate(): void {
    this.ended = true
  }

  answer(answer: object): void {
    this.onmessage?.({ data: { id: this.asked.at(-1)?.id, ...answer } })
  }
}

let workers: FakeWorker[]
let reader: CodeReader
const frame = {} as ImageBitmap
const look = LOOKS[0]!

beforeEach(() => {
  vi.useFakeTimers()
  workers = []
  reader = new CodeReader(() => {
    workers.push(new FakeWorker())
    return workers.at(-1) as unknown as Worker
  })
})

afterEach(() => {
  vi.useRealTimers()
})

test('one worker answers question after question', async () => {
  const first = reader.ready()
  workers[0]?.answer({ codes: [], tookMs: 1 })
  await first
  const second = reader.look(frame, look)
  workers[0]?.answer({ codes: [{ text: 'a', format: 'QRCode' }], tookMs: 2 })

  expect(await second).toEqual({ codes: [{ text: 'a', format: 'QRCode' }], tookMs: 2 })
  expect(workers).toHaveLength(1)
})

test.each([
  ['says that it failed', (worker: FakeWorker) => worker.answer({ error: 'out of memory' })],
  ['breaks', (worker: FakeWorker) => worker.onerror?.({ message: 'no such file' })],
  ['does not answer', () => vi.advanceTimersByTime(30_000)],
])('a worker that %s is ended, and the next question has a new one', async (_, fails) => {
  const asked = [reader.ready(), reader.look(frame, look)]
  fails(workers[0]!)

  for (const answer of asked) await expect(answer).rejects.toThrow()
  expect(workers[0]?.ended).toBe(true)

  const again = reader.ready()
  workers[1]?.answer({ codes: [], tookMs: 1 })
  await again
  expect(workers).toHaveLength(2)
})
