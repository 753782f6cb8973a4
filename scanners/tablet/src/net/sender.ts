/**
 * Sends what waits: in order, each act once however often it is tried. An act is marked as tried
 * before it goes, and as sent together with what its answer made of the check; whatever happens in
 * between, it goes again under the same key and the server answers what it answered before.
 */

import { type ReadonlySignal, signal } from '@preact/signals'
import type { Bytes } from '../core/bytes'
import { SEEN_LIFETIME_MS } from '../core/offline'
import { type Act, GATHERED, LOADED, LOOKS, SEEN } from '../state/acts'
import { afterHearing } from '../state/answers'
import { isEndedThere } from '../state/case'
import type { Journal, Wanted, Written } from '../state/journal'
import type { Words } from '../state/model'
import type { Taking } from '../state/recording'
import { afterRefusal } from '../state/refusals'
import type { WireOpened } from '../state/wire'
import { type Change, StorageFull } from '../store/store'
import type { Answer, Call } from './api'
import { Refused, Unreachable } from './failure'
import { addressOf, nextToGo } from './order'
import type { SenderParts } from './parts'
import { isAboutDevice, isDeviceOver, SessionOver } from './tokens'
import { backOff } from './waiting'

const PICTURE_TIMEOUT_MS = 60_000
/** What was refused when nobody stood before it any more: people have to see why, and do something. */
const HELD: readonly Act['kind'][] = ['record', 'release', 'abort', 'part', 'arrival']
const SESSION_OVER: Words = {
  zh: '登录已结束：由本人重新登录后自动上传。',
  en: 'The session is over: it is sent once whoever did it signs on again.',
}

export interface Outcome {
  readonly body?: unknown
  readonly refused?: Refused
}

export class Sender {
  readonly #busy = signal(false)
  readonly #waiters = new Map<string, (outcome: Outcome) => void>()
  /** Sessions that the server renews no more. */
  readonly #over = new Set<string>()
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
        await this.parts.onDrained()
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
    const { journal } = this.parts
    const held = new Set<number>()
    for (let act = nextToGo(journal, held); act && !this.#stopped; act = nextToGo(journal, held)) {
      const went = addressOf(journal, act) === null ? await this.#stranded(act) : await this.#send(act)
      if (!went) held.add(act.seq)
      // Whoever waits for one that waits on, or that went with a record, waits for nothing.
      for (const [id, done] of [...this.#waiters]) if (id === act.id || this.#isGone(id)) done({})
    }
  }

  /** What belongs to a check that the server does not know goes as a record of it. */
  async #stranded(act: Written): Promise<boolean> {
    if (act.check !== null) await this.parts.convert(act.check, 'last')
    return !this.#waits(act)
  }

  #later(error: unknown): void {
    if (this.#stopped) return
    this.#attempt += 1
    const wait = (error instanceof Unreachable ? error.after : null) ?? backOff(this.#attempt)
    this.#timer = setTimeout(() => void this.flush(), wait)
  }

  /** Returns whether anything came of it; `false` leaves it waiting for people. */
  async #send(waiting: Written): Promise<boolean> {
    const { journal } = this.parts
    // Sent now it would count from now: the record says when it was seen.
    const before = waiting.check === null ? undefined : journal.case(waiting.check)
    const old = SEEN.includes(waiting.kind) && this.parts.moment() - waiting.at > SEEN_LIFETIME_MS
    if (old && before?.phase === 'before_loading') return this.#closed(waiting, before.key, 'evidence')
    const act = { ...(await this.parts.freshen(waiting)), tries: waiting.tries + 1 }
    // Sending makes room: what cannot be marked for want of it goes under its key all the same.
    await journal.change(() => this.#ifWaiting(act)).catch(unlessFull)
    // Whoever stands there may have withdrawn it in this moment.
    if (!this.#waits(act)) return true
    const heard = this.#heard(act)
    try {
      return await this.#answered(act, await this.#asked(act), heard)
    } catch (error) {
      if (error instanceof SessionOver) return this.#sessionOver(act)
      if (error instanceof Refused) return this.#refused(act, error)
      throw error
    }
  }

  /** Ask in the session in which it was done, or in the one of whoever did it and has signed on anew since. */
  async #asked(act: Written): Promise<Answer<unknown>> {
    const { session } = act
    try {
      if (session !== null && this.#over.has(session)) throw new SessionOver()
      return await this.#request(act, session)
    } catch (error) {
      if (!(error instanceof SessionOver) || session === null) throw error
      this.#over.add(session)
      // Whoever signs on in this moment may be who did it.
      await this.parts.signingOn()
      const anew = this.parts.sessionAnew(act)
      if (anew === null) throw error
      return this.#request(act, anew)
    }
  }

  async #request(act: Written, session: string | null): Promise<Answer<unknown>> {
    const path = addressOf(this.parts.journal, act) ?? act.path
    const call: Call = { method: act.kind === 'record_photo' ? 'PUT' : 'POST', path, ...(await this.#content(act)) }
    if (session === null) return this.parts.api.call({ ...call, device: true })
    const { tokens, api } = this.parts
    const once = async (): Promise<Answer<unknown>> => api.call({ ...call, key: act.id, token: await tokens.of(session) })
    try {
      return await once()
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401 || isAboutDevice(error)) throw error
      // The token may have been ended meanwhile, by an end of its family or the server's clock.
      tokens.drop(session)
      return once()
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

  async #answered(act: Written, { body, replayed }: Answer<unknown>, heard: number): Promise<boolean> {
    const { journal } = this.parts
    // The server knows no such waybill, and nobody waits to be told: what was done goes as a record.
    const opened = act.kind !== 'open' || (body as WireOpened).check !== null || this.#waiters.has(act.id)
    if (!opened && act.check !== null) return this.#closed(act, act.check)
    let overtaken = replayed
    await this.#keep(act, () => {
      const held = act.check === null ? undefined : journal.case(act.check)
      overtaken = replayed || heard !== this.#heard(act)
      const sent: Written = { ...act, state: 'sent', problem: null }
      const later = held ? journal.of(held.key).filter(({ seq }) => seq > act.seq) : []
      const cases = held ? [afterHearing(held, act, body, this.parts.moment(), later)] : []
      return { acts: [sent], cases, more: pictureGone(journal, sent) }
    })
    this.#tell(act, { body })
    this.parts.onAnswered(act)
    if (overtaken && act.check !== null) this.parts.look(act.check)
    return true
  }

  async #refused(act: Written, refused: Refused): Promise<boolean> {
    if (this.parts.isOver()) {
      await this.#drop(act, refused.words)
      return true
    }
    if (isDeviceOver(refused)) await this.parts.onDeviceOver(refused.code)
    // What waited has become records by now, or waits on.
    if (refused.code === 'device-revoked') return true
    if (isAboutDevice(refused)) throw new Unreachable(refused.code, true)
    if (refused.status === 409 && act.check !== null) this.parts.look(act.check)
    if (this.#waiters.has(act.id)) {
      // Somebody stands here and is told: it was not done, and what they do next is theirs.
      await this.#drop(act, refused.words)
      this.#tell(act, { refused })
      return true
    }
    if (act.check !== null && GATHERED.includes(act.kind) && !LOOKS.includes(act.kind)) return this.#closed(act, act.check)
    if (act.kind === 'end_session') return this.#mark(act, 'sent', refused.words)
    // A load that the server never cleared, or that was ended elsewhere, is no load to it: nobody can enter it otherwise.
    const held = act.check === null ? undefined : this.parts.journal.case(act.check)
    const over = held && (isEndedThere(held) || held.verdicts.server?.word !== 'cleared')
    const never = refused.status === 404 || (refused.status === 409 && over)
    const foreign = held && LOADED.includes(act.kind) && never
    if (foreign) return this.#closed(act, held.key, 'last')
    if (HELD.includes(act.kind)) return this.#mark(act, 'unsent', refused.words)
    await this.#drop(act, refused.words)
    return true
  }

  /** Evidence goes as a record. What became of the load is nobody else's to say: it waits for whoever did it. */
  async #sessionOver(act: Written): Promise<boolean> {
    if (act.kind === 'end_session') return this.#mark(act, 'sent', null)
    if (act.check !== null && GATHERED.includes(act.kind)) return this.#closed(act, act.check)
    return this.#mark(act, 'unsent', SESSION_OVER)
  }

  /** What the ordinary way does not take goes as a record, and the server judges that. */
  async #closed(act: Written, check: string, taking: Taking = 'all'): Promise<boolean> {
    await this.#mark({ ...act, tries: 0 }, 'unsent', null)
    await this.parts.convert(check, taking)
    return !this.#waits(act)
  }

  /** It was not done: the check is as if nobody had tried, and its picture belongs to nothing. */
  async #drop(act: Written, problem: Words): Promise<void> {
    const { journal } = this.parts
    await this.#keep(act, () => {
      const dropped: Written = { ...act, state: 'dropped', problem }
      const held = act.check === null ? undefined : journal.case(act.check)
      const others = act.check === null ? [] : journal.of(act.check).filter(({ seq }) => seq !== act.seq)
      return { acts: [dropped], cases: held ? [afterRefusal(held, act, others)] : [], more: pictureGone(journal, dropped) }
    })
  }

  /** Write what came of an act. Where there is no room for it, the picture that has arrived makes some. */
  async #keep(act: Written, work: () => Wanted): Promise<void> {
    const { journal } = this.parts
    try {
      await journal.change(work)
    } catch (error) {
      unlessFull(error)
      await journal.change(() => ({ more: pictureGone(journal, act) }))
      await journal.change(work)
    }
  }

  async #mark(act: Written, state: Act['state'], problem: Words | null): Promise<boolean> {
    await this.parts.journal.change(() => this.#ifWaiting({ ...act, state, problem }))
    return state !== 'unsent'
  }

  #heard({ check }: Act): number {
    return (check === null ? undefined : this.parts.journal.case(check)?.heard) ?? 0
  }

  #isGone(id: string): boolean {
    return this.parts.journal.act(id)?.state === 'recorded'
  }

  #waits({ id }: Act): boolean {
    return this.parts.journal.act(id)?.state === 'unsent'
  }

  /** What was replaced or withdrawn meanwhile is not brought back. */
  #ifWaiting(act: Written): Wanted {
    return this.#waits(act) ? { acts: [act] } : {}
  }

  #tell(act: Act, outcome: Outcome): void {
    this.#waiters.get(act.id)?.(outcome)
  }
}

function unlessFull(error: unknown): void {
  if (!(error instanceof StorageFull)) throw error
}

/** The bytes of a picture go with the last act that wants them: a check's own, or its record's. */
function pictureGone(journal: Journal, act: Written): readonly Change[] {
  const wanted = journal.unsent().some((other) => other.seq !== act.seq && other.photo === act.photo)
  return act.photo === null || wanted ? [] : [{ place: 'photos', remove: act.photo }]
}
