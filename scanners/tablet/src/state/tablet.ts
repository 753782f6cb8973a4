/**
 * The tablet behind the screens: the real one, and while training is on, one that is nobody's. The
 * screens cannot tell them apart but by `training`.
 */

import { computed, type ReadonlySignal, signal } from '@preact/signals'
import { webLock } from '../net/locks'
import { openDatabase } from '../store/database'
import { memoryStore } from '../store/memory'
import { startedTraining } from '../training/start'
import type { Outside } from './context'
import { type Engine, makeEngine } from './engine'
import { Refusal, type Tablet } from './model'
import { FIRST_SETTINGS } from './places'
import { watchUpdates } from './update'

export type Created = Tablet & {
  /** When what was kept has been read; before it the tablet looks as if it were new. */
  readonly ready: Promise<void>
}

const CHANNEL = 'waybill-tablet'

export function createTablet(): Created {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL)
  const made = assemble(async () => makeEngine(await realOutside(() => channel?.postMessage('written'))))
  void made.ready.then(() => {
    const engine = made.real.peek()
    if (!engine) return
    channel?.addEventListener('message', readWhenSeen(engine))
    watchPage(engine)
    made.updates = watchUpdates(engine.context.updateWaiting)
  })
  return made.tablet
}

async function realOutside(announce: () => void): Promise<Outside> {
  return {
    store: await openDatabase(),
    fetch: (address, options) => fetch(address, options),
    now: () => Date.now(),
    lock: webLock('waybill-tablet-sending'),
    numbering: webLock('waybill-tablet-numbering'),
    writing: webLock('waybill-tablet-writing'),
    training: false,
    connected: () => navigator.onLine,
    announce,
  }
}

interface Assembled {
  readonly tablet: Created
  readonly ready: Promise<void>
  readonly real: ReadonlySignal<Engine | null>
  updates: { take(): Promise<void> }
}

/** Put the facade together over an engine that is still being made; for tests too. */
export function assemble(make: () => Promise<Engine>): Assembled {
  const real = signal<Engine | null>(null)
  const training = signal<Engine | null>(null)
  const current = computed(() => training.value ?? real.value)
  const ready = make().then((engine) => {
    real.value = engine
  })
  const made: { updates: Assembled['updates'] } = { updates: { take: async () => undefined } }
  const now = async (): Promise<Engine> => {
    await ready
    const engine = current.peek()
    if (!engine) throw new Error('the tablet was not made')
    return engine
  }
  const read = <K extends keyof typeof BEFORE>(name: K): Tablet[K] =>
    computed(() => current.value?.[name].value ?? BEFORE[name]) as unknown as Tablet[K]
  const acts = Object.fromEntries(
    ACTS.map((name) => [name, async (...args: unknown[]) => ((await now())[name] as (...all: unknown[]) => Promise<void>)(...args)]),
  ) as Pick<Tablet, (typeof ACTS)[number]>
  const tablet: Created = {
    ready,
    ...(Object.fromEntries(Object.keys(BEFORE).map((name) => [name, read(name as keyof typeof BEFORE)])) as Pick<Tablet, keyof typeof BEFORE>),
    ...acts,
    training: computed(() => training.value !== null),
    changeBay: () => current.peek()?.changeBay(),
    lock: () => current.peek()?.lock(),
    // What suits eyes and ears suits them in training too.
    change: (settings) => {
      real.peek()?.change(settings)
      training.peek()?.change(settings)
    },
    resume: (key) => current.peek()?.resume(key),
    leave: () => current.peek()?.leave(),
    readPicture: async (picture) => (await now()).readPicture(picture),
    takeUpdate: async () => {
      const engine = await now()
      const open = engine.checks.peek().some((check) => check.phase !== 'over')
      if (open || engine.sending.peek().unsent > 0) throw new Refusal('update-later', UPDATE_LATER)
      await made.updates.take()
    },
    startTraining: () => {
      void startedTraining(memoryStore(), real.peek()?.settings.peek()).then((engine) => {
        training.value = engine
      })
    },
    endTraining: () => {
      training.peek()?.stop()
      training.value = null
    },
  }
  return Object.assign(made, { tablet, ready, real })
}

const ACTS = [
  'enrol', 'chooseBay', 'signOn', 'unlock', 'signOff', 'refresh', 'sendNow', 'open', 'show', 'seePlate', 'seePerson',
  'answer', 'takePhoto', 'answerControl', 'letPass', 'consent', 'decide', 'recheck', 'enterLoading', 'abort', 'takeOver',
  'arriveHere', 'recordPart', 'goOnWithEarlier', 'beginAnew',
] as const

const BEFORE = {
  stage: 'enrol',
  device: null,
  bay: null,
  person: null,
  people: [],
  arrivals: [],
  checks: [],
  check: null,
  sending: { online: true, unsent: 0, unsentPhotos: 0, sendingNow: false, lastContactAt: null, items: [], contradicted: [] },
  kept: { arrivalsAt: null, trustAt: null, revocationsAt: null, goodUntil: null, stale: true },
  health: {
    clockOffsetMs: null, clockWrong: false, storageUsed: null, storageQuota: null, storageTight: false,
    version: __VERSION__, updateWaiting: false,
  },
  settings: FIRST_SETTINGS,
  busy: false,
} as const

const UPDATE_LATER = {
  zh: '还有未上传的内容或未结束的查验，稍后再更新。',
  en: 'Something is unsent or a check is open: update later.',
}

/** What another tab has written is read anew while somebody sees this one; before it changes anything it looks by itself. */
function readWhenSeen(engine: Engine): () => void {
  let behind = false
  const read = (): void => {
    if (!behind || document.visibilityState !== 'visible') return
    behind = false
    void engine.reload()
  }
  document.addEventListener('visibilitychange', read)
  return () => {
    behind = true
    read()
  }
}

/** A hand on the tablet keeps it unlocked; a network that comes back, or a page shown again, is used. */
function watchPage(engine: Engine): void {
  for (const kind of ['pointerdown', 'keydown'] as const) addEventListener(kind, () => engine.touched(), { passive: true })
  addEventListener('online', () => void engine.sender.flush())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') engine.tick()
  })
}
