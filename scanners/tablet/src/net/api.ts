/** Talks to the server: JSON, time-outs, the device's assertion, the clock's comparison. */

import { offsetFrom } from '../core/clock'
import { ASSERTION_TYPE, signCompact } from '../core/record'
import { Refused, refusedBy, Unreachable } from './failure'

export type Fetch = (address: string, options: RequestInit) => Promise<Response>

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  /** JSON as it was first written: a repeat must be the same to the letter. */
  readonly json?: string
  readonly body?: BodyInit
  readonly token?: string
  /** Sign the request with the device's key. */
  readonly device?: boolean
  readonly key?: string
  readonly etag?: string | null
  readonly timeoutMs?: number
}

export interface Answer<T> {
  readonly status: number
  readonly body: T
  readonly etag: string | null
  /** It was given before: what was done is as it was then, and may be otherwise now. */
  readonly replayed: boolean
}

export interface DeviceIdentity {
  readonly id: string
  readonly key: CryptoKey
}

export interface Surroundings {
  readonly fetch: Fetch
  readonly now: () => number
  readonly device: () => DeviceIdentity | null
  /** Device minus server, as last compared. */
  readonly offset: () => number | null
  readonly onServerTime: (offset: number) => Promise<void>
  readonly onContact: (reached: boolean) => void
}

const BASE = '/api/v1'
const TIMEOUT_MS = 10_000
/** The server does not believe an assertion: most often because of our clock. */
const ASSERTION_REFUSED = 'device-assertion-refused'
const CLOCK_MATTERS_MS = 5_000
/** Answers that say "later", not "no". */
const LATER: readonly number[] = [408, 425, 429, 500, 502, 503, 504]

export class Api {
  constructor(readonly around: Surroundings) {}

  async call<T>(call: Call): Promise<Answer<T>> {
    try {
      return await this.#once<T>(call)
    } catch (error) {
      const late = call.device === true && error instanceof Refused && error.code === ASSERTION_REFUSED
      if (!late || !(await this.#compareClocks())) throw error
      return this.#once<T>(call)
    }
  }

  /** Ask the server for the time; whether ours was further off than was known. */
  async #compareClocks(): Promise<boolean> {
    const before = this.around.offset() ?? 0
    const sentAt = this.around.now()
    const { body } = await this.#once<{ server_time: string }>({ method: 'GET', path: '/tablet/time' })
    const found = offsetFrom(body.server_time, sentAt, this.around.now()) ?? before
    await this.around.onServerTime(found)
    return Math.abs(found - before) > CLOCK_MATTERS_MS
  }

  async #once<T>(call: Call): Promise<Answer<T>> {
    const headers = await this.#headers(call)
    // An answer that stops in its middle is given up like one that never begins.
    const ending = new AbortController()
    const timer = setTimeout(() => ending.abort(), call.timeoutMs ?? TIMEOUT_MS)
    try {
      return await this.#exchange<T>(call, headers, ending.signal)
    } finally {
      clearTimeout(timer)
    }
  }

  async #exchange<T>(call: Call, headers: Headers, signal: AbortSignal): Promise<Answer<T>> {
    const sentAt = this.around.now()
    const answer = await this.#fetch(call, headers, signal)
    if (LATER.includes(answer.status)) {
      // A proxy that answers for a server that is away is no contact with it.
      this.around.onContact(answer.status === 429)
      throw new Unreachable(`status ${answer.status}`, true, retryAfter(answer), answer.status === 429 ? await this.#whole(() => refusedBy(answer)) : null)
    }
    this.around.onContact(true)
    if (answer.status >= 400) throw await this.#whole(() => refusedBy(answer))
    const body = await this.#body<T>(answer)
    const time = (body as { server_time?: unknown } | null)?.server_time
    if (typeof time === 'string') {
      const offset = offsetFrom(time, sentAt, this.around.now())
      if (offset !== null) void this.around.onServerTime(offset)
    }
    return { status: answer.status, body, etag: answer.headers.get('ETag'), replayed: answer.headers.has('Idempotency-Replayed') }
  }

  async #headers(call: Call): Promise<Headers> {
    const headers = new Headers({ Accept: 'application/json' })
    if (call.json !== undefined) headers.set('Content-Type', 'application/json')
    if (call.token) headers.set('Authorization', `Bearer ${call.token}`)
    if (call.key) headers.set('Idempotency-Key', call.key)
    if (call.etag) headers.set('If-None-Match', call.etag)
    if (call.device) headers.set('Device-Assertion', await this.#assertion())
    return headers
  }

  async #assertion(): Promise<string> {
    const device = this.around.device()
    if (!device) throw new Unreachable('not enrolled', false)
    // By the server's clock, since it is the server that asks how old the assertion is.
    const iat = Math.floor((this.around.now() - (this.around.offset() ?? 0)) / 1000)
    const claims = { aud: 'waybill-device', sub: device.id, iat, jti: crypto.randomUUID() }
    return signCompact(claims, device.key, device.id, ASSERTION_TYPE)
  }

  async #fetch(call: Call, headers: Headers, signal: AbortSignal): Promise<Response> {
    try {
      const body = call.json ?? call.body
      return await this.around.fetch(BASE + call.path, {
        method: call.method,
        headers,
        signal,
        // The tablet signs on by its own means; a cookie of some page must not speak for it.
        credentials: 'omit',
        cache: 'no-store',
        ...(body === undefined ? {} : { body }),
      })
    } catch (error) {
      this.around.onContact(false)
      throw new Unreachable(String(error), true)
    }
  }

  async #body<T>(answer: Response): Promise<T> {
    if (answer.status === 204 || answer.status === 304) return null as T
    return this.#whole(async () => (await answer.json()) as T)
  }

  /** Read an answer to its end, or take it as none. */
  async #whole<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      // The connection broke within the answer: what the server made of the request is not known.
      this.around.onContact(false)
      throw new Unreachable(String(error), true)
    }
  }
}

function retryAfter(answer: Response): number | null {
  const seconds = Number(answer.headers.get('Retry-After'))
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null
}
