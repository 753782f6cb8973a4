/** Tablets for tests: over the server of training, with a network that can be cut anywhere. */

import { localLock } from '../../src/net/locks'
import type { Outside } from '../../src/state/context'
import { type Engine, makeEngine } from '../../src/state/engine'
import { memoryStore } from '../../src/store/memory'
import type { Store } from '../../src/store/store'
import { TRAINING_BADGES, TRAINING_CODES } from '../../src/training/codes'
import { TrainingServer } from '../../src/training/server'
import { BAY } from '../../src/training/trips'

export type Cut = 'none' | /** nothing arrives */ 'before' | /** it arrives, the answer does not */ 'after'

/** A line to a server. `cut` says what happens to a request. */
export class Line {
  cut: (path: string, nth: number) => Cut = () => 'none'
  /** What is answered instead of what the server would say; `null` where it may speak. */
  instead: (path: string) => Response | null = () => null
  /** What an answer waits for on its way, after the server has given it. */
  late: (path: string) => Promise<unknown> | null = () => null
  /** Every request that was made, in order. */
  readonly asked: string[] = []
  /** The JSON of every request that arrived. */
  readonly sent: string[] = []

  constructor(readonly server: TrainingServer) {}

  readonly fetch = async (address: string, options: RequestInit): Promise<Response> => {
    const path = `${options.method} ${address.replace('/api/v1', '')}`
    this.asked.push(path)
    const cut = this.cut(path, this.asked.length)
    if (cut === 'before') throw new TypeError('network')
    if (typeof options.body === 'string') this.sent.push(options.body)
    const answer = this.instead(path) ?? (await this.server.fetch(address, options))
    await this.late(path)
    if (cut === 'after') throw new TypeError('network')
    return answer
  }

  down(): void {
    this.cut = () => 'before'
  }

  up(): void {
    this.cut = () => 'none'
  }
}

/** A server that says no. */
export function refusal(status: number, code: string): Response {
  const body = { type: `urn:waybill:problem:${code}`, code, detail_zh: '不行。', detail_en: 'No.' }
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/problem+json' } })
}

export interface Bench {
  readonly server: TrainingServer
  readonly line: Line
  readonly store: Store
  readonly clock: { now: number }
  readonly outside: Outside
}

export function bench(store: Store = memoryStore(), start = Date.UTC(2026, 10, 27, 2, 0)): Bench {
  const clock = { now: start }
  const server = new TrainingServer(() => clock.now)
  const line = new Line(server)
  const outside: Outside = {
    store,
    fetch: line.fetch,
    now: () => clock.now,
    lock: localLock(),
    numbering: localLock(),
    writing: localLock(),
    training: false,
    connected: () => true,
    announce: () => undefined,
  }
  return { server, line, store, clock, outside }
}

/** A tablet with somebody signed on, before today's arrivals. */
export async function signedOn(over: Bench): Promise<Engine> {
  const engine = await makeEngine(over.outside)
  await engine.enrol('ABCD-EFGH')
  await engine.chooseBay(BAY.id)
  await engine.refresh()
  await engine.signOn(TRAINING_BADGES.loader.badge, TRAINING_BADGES.loader.pin)
  return engine
}

export const ANSWERS = ['orange_plates', 'placards', 'engine_off', 'earthed', 'papers_aboard', 'helmet'] as const
export const CARDS = ['vehicle', 'trailer', 'tank', 'driver', 'escort', 'supervisor'] as const
export const CODES = TRAINING_CODES.good

/** Each step of a good trip from the waybill to the verdict, in its order. */
export const STEPS: readonly ((engine: Engine) => Promise<void>)[] = [
  (engine) => engine.open(CODES.waybill, 'camera'),
  ...CARDS.map((kind) => (engine: Engine) => engine.show(CODES[kind], 'camera', null)),
  (engine) => engine.seePlate('tractor', { plate: '苏H·90001', colour: 'yellow' }, 'typed'),
  (engine) => engine.seePlate('trailer', { plate: '苏H9001挂', colour: 'yellow' }, 'typed'),
  (engine) => engine.seePerson('driver', true),
  (engine) => engine.seePerson('escort', true),
  ...ANSWERS.map((id) => (engine: Engine) => engine.answer(id, 'yes')),
  (engine) => engine.decide(),
]

export async function walk(engine: Engine): Promise<void> {
  for (const step of STEPS) await step(engine)
}

/** Wait until something is so, at most two seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 2_000
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within two seconds: ${String(holds)}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export const LOADING = {
  lines: [
    { position: 1, quantityKg: '18500', quantityL: null, temperatureC: null, densityKgL: null, shortReason: '' },
    { position: 2, quantityKg: '10000', quantityL: null, temperatureC: null, densityKgL: null, shortReason: '' },
  ],
  startedAt: Date.UTC(2026, 10, 27, 2, 0),
  finishedAt: Date.UTC(2026, 10, 27, 2, 30),
  grossMassKg: null,
  seals: ['A1'],
  noSealReason: '',
}
