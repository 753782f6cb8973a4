/** One tablet over one store and one server: the real ones, or those of training. */

import { effect } from '@preact/signals'
import { Sender } from '../net/sender'
import { Context, type Outside } from './context'
import { convert, decide, enterLoading, fetchReleaseCode, recheck } from './deciding'
import * as deeds from './deeds'
import * as inTurn from './in_turn'
import { becomeUnknown, endWindingUp, windUp } from './disowned'
import { enrol, recall } from './enrolling'
import type { Case } from './case'
import { heartbeat, measureStorage, quietly, refreshBundle, tidy } from './keeping'
import { Refusal, type Tablet } from './model'
import { openCheck } from './opening'
import { isDayOver, lock, signOff, signOn, unlock } from './people'
import { readPicture } from './pictures'
import { withCheck } from './recording'
import { type Readable, readable } from './signals'
import { refreshUnderWay, takeOver } from './under_way'

export const IDLE_MS = 3 * 60_000
const TICK_MS = 1_000
/** What depends on the time of day is worked out anew this often. */
const VIEW_MS = 15_000
const HEARTBEAT_MS = 60_000
/** Without the server it is tried more often: nothing else says that it can be reached again. */
const AWAY_HEARTBEAT_MS = 10_000
const REFRESH_MS = 5 * 60_000
const TIDY_MS = 3_600_000

/** What a photo shows that stands beside something typed; no rule asks for it. */
const UNREAD_CODE = 'code'

export type Engine = Readable & Omit<Tablet, keyof Readable | 'training' | 'startTraining' | 'endTraining' | 'takeUpdate'> & {
  readonly context: Context
  readonly sender: Sender
  /** Somebody touched the tablet: it does not lock yet. */
  touched(): void
  /** Look at the time: locks when idle, beats and refreshes when due. */
  tick(): void
  stop(): void
  /** Another tab has written: read what is kept anew. */
  reload(): Promise<void>
}

export async function makeEngine(outside: Outside): Promise<Engine> {
  const context = new Context(outside)
  await recall(context)
  const sender = makeSender(context)
  context.deviceOver = async (code) => {
    if (code === 'device-unknown') return becomeUnknown(context)
    await windUp(context)
    void sender.flush()
  }
  const clockwork = new Clockwork(context, sender)
  const current = (): Case => {
    const held = context.open.peek() === null ? undefined : context.journal.case(context.open.peek() ?? '')
    if (!held) throw new Refusal('no-check', { zh: '请先扫描运单。', en: 'Scan a waybill first.' })
    return held
  }
  const act = <A extends unknown[]>(work: (...args: A) => Promise<unknown>) => async (...args: A): Promise<void> => {
    clockwork.touched()
    await context.act(() => work(...args))
  }
  const engine: Engine = {
    ...readable(context, sender),
    context,
    sender,
    enrol: act(async (code) => {
      // A server that takes a code takes the records of a revoked tablet too.
      if (context.settings.peek().revoked && context.device.peek()) await sender.flush()
      await enrol(context, code)
      void sender.flush()
    }),
    chooseBay: act(async (bay: string) => {
      await context.changeDevice((row) => ({ ...row, bay }))
      void clockwork.refresh()
    }),
    changeBay: () => void context.changeDevice((row) => ({ ...row, bay: null })),
    signOn: act(async (badge: string, pin: string) => {
      await signOn(context, badge, pin)
      void clockwork.refresh()
      void sender.flush()
    }),
    lock: () => void lock(context),
    unlock: act((userId, pin) => unlock(context, userId, pin)),
    signOff: act(async () => {
      await signOff(context)
      void sender.flush()
    }),
    change: (settings) => {
      context.settings.value = { ...context.settings.peek(), ...settings }
      void context.store.write([{ place: 'device', key: 'settings', put: context.settings.peek() }]).catch(() => undefined)
    },
    refresh: act(() => clockwork.refresh()),
    sendNow: act(() => sender.flush()),
    open: act(async (text, how) => {
      context.person()
      context.open.value = await openCheck(context, sender, text, how)
    }),
    resume: (key) => {
      if (context.journal.case(key)) context.open.value = key
      void seeAgain(context, key)
    },
    leave: () => {
      context.open.value = null
    },
    show: act(async (text, how, expected, photo) => {
      const seen = photo ? await deeds.takePhoto(context, sender, current(), UNREAD_CODE, photo) : null
      await deeds.show(context, sender, current(), text, how, expected, seen)
    }),
    seePlate: act(async (unit, plate, how, photo) => {
      if (photo) await deeds.takePhoto(context, sender, current(), UNREAD_CODE, photo)
      await deeds.seePlate(context, sender, current(), unit, plate, how)
    }),
    seePerson: act((role, present) => deeds.seePerson(context, sender, current(), role, present)),
    answer: act((id, given, note) => deeds.answer(context, sender, current(), id, given, note)),
    takePhoto: act((shows, picture) => deeds.takePhoto(context, sender, current(), shows, picture)),
    answerControl: act((id, value) => deeds.answerControl(context, sender, current(), id, value)),
    letPass: act((id, reason, second) => deeds.letPass(context, sender, current(), id, reason, second)),
    consent: act((badge, pin) => deeds.consent(context, sender, current(), badge, pin)),
    decide: act(() => decide(context, sender, current().key)),
    recheck: act(() => recheck(context, current().key)),
    takeOver: act(async (id) => {
      context.person()
      context.open.value = await takeOver(context, id)
    }),
    arriveHere: act((confirmed) => inTurn.arriveHere(context, sender, current(), confirmed)),
    recordPart: act((part) => inTurn.recordPart(context, sender, current(), part)),
    goOnWithEarlier: act(() => inTurn.goOnWithEarlier(context, sender, current())),
    beginAnew: act(() => inTurn.beginAnew(context, current())),
    readPicture: (picture) => readPicture(context, picture),
    enterLoading: act((loading) => enterLoading(context, sender, current().key, loading)),
    abort: act(async (reason) => {
      await deeds.abort(context, sender, current(), reason)
    }),
    touched: () => clockwork.touched(),
    tick: () => clockwork.tick(),
    reload: () => recall(context),
    stop: () => {
      clockwork.stop()
      sender.stop()
    },
  }
  clockwork.start()
  void sender.flush()
  return engine
}

function makeSender(context: Context): Sender {
  const sender: Sender = new Sender({
    journal: context.journal,
    api: context.api,
    tokens: context.tokens,
    lock: context.outside.lock,
    moment: () => context.moment(),
    convert: (check, taking) => convert(context, check, taking),
    freshen: async (act) => {
      const device = context.device.peek()
      const known = act.check === null ? null : context.journal.case(act.check)?.serverId
      if (act.kind !== 'record' || act.tries > 0 || !device || !known || act.json === null) return act
      return { ...act, json: await withCheck(device, act.json, known) }
    },
    sessionAnew: ({ person, session }) => {
      const found = context.people.peek().find(({ userId }) => userId === person)?.session ?? null
      return found === session ? null : found
    },
    signingOn: () => context.signingOn,
    onAnswered: (act) => {
      const { check } = act
      if (check !== null && act.kind === 'release') void quietly(context, () => fetchReleaseCode(context, check))
      // Handed over, it is the next bay's; nobody is left before it here.
      const handed = act.kind === 'part' && check !== null && context.journal.case(check)?.phase === 'over'
      if (handed && context.open.peek() === check) context.open.value = null
      if (['part', 'release', 'abort'].includes(act.kind)) void quietly(context, () => refreshUnderWay(context))
      // Of several photos the last one asks: the answer to each says how the check stands already.
      const more = act.kind === 'photo' && context.journal.unsent().some((other) => other.kind === 'photo' && other.check === check)
      if (check !== null && !more && ['record', 'photo', 'consent'].includes(act.kind)) void quietly(context, () => deeds.look(context, check))
    },
    look: (check) => void quietly(context, () => deeds.look(context, check)),
    onDeviceOver: (code) => context.deviceOver(code),
    isOver: () => context.settings.peek().revoked === true,
    onDrained: () => endWindingUp(context),
  })
  return sender
}

/**
 * How a check stands may be changed elsewhere: it is aborted, or its carrier cancels the waybill. One
 * that was released may lack its code yet.
 */
async function seeAgain(context: Context, key: string): Promise<void> {
  await quietly(context, async () => {
    await deeds.look(context, key)
    await fetchReleaseCode(context, key)
  })
}

/** The things that happen by themselves: locking, beating, refreshing, sending when the network is back. */
class Clockwork {
  #touchedAt: number
  #tickedAt = 0
  #beatAt = 0
  #refreshedAt = 0
  #tidiedAt = 0
  #timer: ReturnType<typeof setInterval> | undefined
  #undo: () => void = () => undefined

  constructor(
    readonly context: Context,
    readonly sender: Sender,
  ) {
    this.#touchedAt = context.now()
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), TICK_MS)
    let before = this.context.online.peek()
    this.#undo = effect(() => {
      const online = this.context.online.value
      if (online && !before) void this.sender.flush()
      before = online
    })
    void measureStorage(this.context)
    this.#tidy()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#undo()
  }

  touched(): void {
    this.#touchedAt = this.context.now()
  }

  tick(): void {
    const now = this.context.now()
    if (now < this.#tickedAt) this.#beginAgain(now)
    this.#tickedAt = now
    if (Math.abs(now - this.context.tick.peek()) >= VIEW_MS) this.context.tick.value = now
    if (now - this.#touchedAt >= IDLE_MS || isDayOver(this.context)) void lock(this.context)
    if (!this.context.device.peek()) return
    void this.context.noteMoment()
    if (now - this.#beatAt >= (this.context.online.peek() ? HEARTBEAT_MS : AWAY_HEARTBEAT_MS)) {
      this.#beatAt = now
      void quietly(this.context, () => heartbeat(this.context))
      void this.#lookAround()
      const open = this.context.open.peek()
      if (open !== null) void seeAgain(this.context, open)
    }
    if (now - this.#refreshedAt >= REFRESH_MS) void this.refresh()
    if (now - this.#tidiedAt >= TIDY_MS) this.#tidy()
  }

  /** A clock that was set back holds nothing up, least of all the lock. */
  #beginAgain(now: number): void {
    this.#touchedAt = Math.min(this.#touchedAt, now)
    this.#beatAt = 0
    this.#refreshedAt = 0
    this.#tidiedAt = 0
  }

  #tidy(): void {
    this.#tidiedAt = this.context.now()
    void tidy(this.context).catch(() => undefined)
  }

  async refresh(): Promise<void> {
    this.#refreshedAt = this.context.now()
    const bundle = quietly(this.context, () => refreshBundle(this.context))
    await Promise.all([bundle, this.#lookAround()])
  }

  /** What other bays have cleared; where there is one bay alone, nobody hands over. */
  async #lookAround(): Promise<void> {
    const bays = this.context.device.peek()?.bays ?? []
    if (bays.length > 1) await quietly(this.context, () => refreshUnderWay(this.context))
  }
}
