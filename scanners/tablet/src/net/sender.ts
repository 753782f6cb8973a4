/**
 * Sends what waits: in order, each act once however often it is tried. An act is marked as tried
 * before it goes, and as sent together with what its answer made of the check; whatever happens in
 * between, it goes again under the same key and the server answers what it answered before.
 */

import { type ReadonlySignal, signal } from '@preact/signals'
import type { Bytes } from '../core/bytes'
import { type Act, GATHERED, isUnsent, LOOKS, PICTURES } from '../state/acts'
import { afterAnswer } from '../state/answers'
import type { Journal, Written } from '../state/journal'
import type { Answer, Api, Call } from './api'
import { Refused, Unreachable } from './failure'
import type { Lock } from './locks'
import { isAboutDevice, isDeviceOver, SessionOver, type Tokens } from './tokens'
import { backOff } from './waiting'

const PICTURE_TIMEOUT_MS = 60_000
/** Acts that wait for the pictures of their check: the server judges with them, and a consent is the last thing. */
const WITH_PICTURES: readonly Act['kind'][] = ['consent', 'decision', 'release']
/** After as many attempts a picture holds nothing up any more. */
const PICTURE_TRIES = 2

export interface SenderParts {
  readonly journal: Journal
  readonly api: Api
  readonly tokens: Tokens
  readonly lock: Lock
  /** Now by the server's clock. */
  readonly moment: () => number
  /** Make a check's unsent acts into a record: the ordinary way is closed to them. */
  readonly convert: (check: string) => Promise<void>
  /** The act as it must go, with what is known by now. */
  readonly freshen: (act: Written) => Promise<Written>
  readonly onAnswered: (act: Written, body: unknown) => void
  readonly onRevoked: () => Promise<void>
}

export interface Outcome {
  readonly body?: unknown
  readonly refused?: Refused
}

export class Sender {
  readonly #busy = signal(false)
  readonly #waiters = new Map<string, (outcome: Outcome) => void>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #attempt = 0
  #again = false
  #running: Promise<void> | null = null
  #stopped = false

  constructor(readonly parts: SenderParts) {}

  get busy(): ReadonlySignal<boolean> {
    return this.#busy
  }

  /** Resolves with what came of an act, or with `null` when that is not known in time. */
  settled(id: string, withinMs: number): Promise<Outcome | null> {
    return new Promise((resolve) => {
      const done = (outcome: Outcome | null): void => {
        clearTimeout(timer)
        this.#waiters.delete(id)
        resolve(outcome)
      }
      const timer = setTimeout(() => done(null), withinMs)
      this.#waiters.set(id, done)
    })
  }

  /** Nobody waits for this act any more, as it cannot be sent now. */
  giveUp(): void {
    for (const resolve of [...this.#waiters.values()]) (resolve as (outcome: Outcome | null) => void)(null)
  }

  /** Send what waits; resolves when nothing is left that can be sent now. */
  flush(): Promise<void> {
    this.#again = true
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.giveUp()
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer)
    this.#busy.value = true
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false
        await this.parts.lock(() => this.#drain())
      }
      this.#attempt = 0
    } catch (error) {
      this.giveUp()
      this.#later(error)
    } finally {
      this.#busy.value = false
    }
  }

  async #drain(): Promise<void> {
    const held = new Set<number>()
    for (let act = this.#next(held); act && !this.#stopped; act = this.#next(held)) {
      const went = await this.#send(act)
      if (!went) held.add(act.seq)
    }
  }

  #later(error: unknown): void {
    if (this.#stopped) return
    this.#attempt += 1
    const wait = (error instanceof Unreachable ? error.after : null) ?? backOff(this.#attempt)
    this.#timer = setTimeout(() => void this.flush(), wait)
  }

  /** The oldest act that can go: pictures last, but before what is judged with them. */
  #next(held: ReadonlySet<number>): Written | undefined {
    const unsent = this.parts.journal.unsent()
    const waiting = unsent.filter((act) => !held.has(act.seq) && this.#address(act) !== null && !isEarly(act, unsent))
    const first = waiting.find((act) => !PICTURES.includes(act.kind))
    if (!first) return waiting[0]
    if (!WITH_PICTURES.includes(first.kind)) return first
    const ofIt = waiting.find((act) => act.kind === 'photo' && act.check === first.check && act.tries < PICTURE_TRIES)
    return ofIt ?? first
  }

  #address({ path, check }: Act): string | null {
    if (!path.includes('{check}')) return path
    const id = check === null ? undefined : this.parts.journal.case(check)?.serverId
    return id ? path.replace('{check}', id) : null
  }

  /** Returns whether anything came of it; `false` leaves it waiting for people. */
  async #send(waiting: Written): Promise<boolean> {
    const { journal } = this.parts
    const act = { ...(await this.parts.freshen(waiting)), tries: waiting.tries + 1 }
    await journal.change(() => ({ acts: [act] }))
    try {
      const { body } = await this.#request(act)
      await this.#answered(act, body)
      return true
    } catch (error) {
      if (error instanceof SessionOver) return this.#closed(act)
      if (error instanceof Refused) return this.#refused(act, error)
      throw error
    }
  }

  async #request(act: Written): Promise<Answer<unknown>> {
    const path = this.#address(act) ?? act.path
    const call: Call = { method: act.kind === 'record_photo' ? 'PUT' : 'POST', path, ...(await this.#content(act)) }
    if (act.session === null) return this.parts.api.call({ ...call, device: true })
    const { tokens, api } = this.parts
    const once = async (session: string): Promise<Answer<unknown>> =>
      api.call({ ...call, key: act.id, token: await tokens.of(session) })
    try {
      return await once(act.session)
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401 || isAboutDevice(error)) throw error
      // The token may have been ended meanwhile, by an end of its family or the server's clock.
      tokens.drop(act.session)
      return once(act.session)
    }
  }

  async #content(act: Written): Promise<Partial<Call>> {
    if (act.photo === null) return act.json === null ? {} : { json: act.json }
    const bytes = await this.parts.journal.store.get<Bytes>('photos', act.photo)
    const picture = new Blob(bytes ? [bytes] : [], { type: 'image/jpeg' })
    if (act.kind === 'record_photo') return { body: picture, timeoutMs: PICTURE_TIMEOUT_MS }
    const form = new FormData()
    form.set('picture', picture, 'picture.jpg')
    return { body: form, timeoutMs: PICTURE_TIMEOUT_MS }
  }

  async #answered(act: Written, body: unknown): Promise<void> {
    const { journal } = this.parts
    await journal.change(() => {
      const held = act.check === null ? undefined : journal.case(act.check)
      const sent: Written = { ...act, state: 'sent', problem: null }
      const done = isLastOf(journal, sent) && act.photo !== null ? [{ place: 'photos' as const, remove: act.photo }] : []
      return { acts: [sent], cases: held ? [afterAnswer(held, act, body, this.parts.moment())] : [], more: done }
    })
    this.#tell(act, { body })
    this.parts.onAnswered(act, body)
  }

  async #refused(act: Written, refused: Refused): Promise<boolean> {
    if (isDeviceOver(refused)) {
      await this.parts.onRevoked()
      this.stop()
      return true
    }
    if (isAboutDevice(refused)) throw new Unreachable(refused.code, true)
    if (this.#waiters.has(act.id)) {
      // Somebody stands here and is told: it was not done, and what they do next is theirs.
      await this.#mark(act, 'dropped', refused)
      this.#tell(act, { refused })
      return true
    }
    if (GATHERED.includes(act.kind) && act.kind !== 'photo' && !LOOKS.includes(act.kind)) return this.#closed(act)
    if (act.kind === 'end_session') return this.#mark(act, 'sent', refused)
    const held = act.kind === 'record' || act.kind === 'release' || act.kind === 'abort' || act.kind === 'part'
    return this.#mark(act, held ? 'unsent' : 'dropped', refused)
  }

  /** What the ordinary way does not take goes as a record, and the server judges that. */
  async #closed(act: Written): Promise<boolean> {
    if (act.kind === 'end_session') return this.#mark(act, 'sent', null)
    // What is loaded bay by bay is no matter of a record: it waits for whoever signs on.
    if (act.check === null || act.kind === 'part' || act.kind === 'arrival') return false
    await this.#mark({ ...act, tries: 0 }, 'unsent', null)
    await this.parts.convert(act.check)
    this.#tell(act, {})
    return !isUnsent(this.parts.journal.act(act.id) ?? act)
  }

  async #mark(act: Written, state: Act['state'], refused: Refused | null): Promise<boolean> {
    await this.parts.journal.change(() => ({ acts: [{ ...act, state, problem: refused?.words ?? null }] }))
    return state !== 'unsent'
  }

  #tell(act: Act, outcome: Outcome): void {
    this.#waiters.get(act.id)?.(outcome)
  }
}

/**
 * A session ends when nothing in its name waits any more, pictures included; a picture that a record
 * names is taken only after the record.
 */
function isEarly(act: Act, unsent: readonly Act[]): boolean {
  if (act.kind === 'record_photo') return unsent.some((other) => other.kind === 'record' && other.check === act.check)
  return act.kind === 'end_session' && unsent.some((other) => other.session !== null && act.path.includes(other.session))
}

/** A picture may be wanted by a check and by its record. */
function isLastOf(journal: Journal, act: Written): boolean {
  return !journal.unsent().some((other) => other.seq !== act.seq && other.photo === act.photo)
}
