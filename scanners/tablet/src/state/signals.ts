/** What the screens read, worked out of what is kept. */

import { computed, type ReadonlySignal } from '@preact/signals'
import { CLOCK_WRONG_MS, serverNow } from '../core/clock'
import type { Sender } from '../net/sender'
import { ACT_WORDS, isUnsent, PICTURES } from './acts'
import { arrivalsOf } from './arrivals'
import type { Context } from './context'
import type { Written } from './journal'
import type { Check, Device, Health, Kept, Person, Sending, Stage, Tablet } from './model'
import { checkView } from './view'

export type Readable = Pick<
  Tablet,
  | 'stage' | 'device' | 'bay' | 'person' | 'people' | 'arrivals' | 'checks' | 'check' | 'sending' | 'kept' | 'health'
  | 'settings' | 'busy'
>

/** About a day's photos and checks of a busy bay. */
const DAYS_WORK_BYTES = 50 * 1024 * 1024

export function readable(context: Context, sender: Sender): Readable {
  const { device, people, journal, kept, open } = context
  const bay = computed(() => device.value?.bays.find((each) => each.id === device.value?.bay) ?? null)
  const checks = computed(() => {
    // Worked out anew as time goes on, but always by the moment itself.
    void context.tick.value
    const around = {
      bundle: kept.value?.bundle ?? null,
      at: context.serverNow(),
      person: device.value?.person ?? '',
      clockIsBack: context.clockBackMs() > 0,
      training: context.outside.training,
      online: context.online.value,
      bays: device.value?.bays ?? [],
      here: bay.value,
    }
    const acts = byCheck(journal.acts.value)
    const cases = [...journal.cases.value.values()].sort((a, b) => b.openedAt - a.openedAt)
    return cases.map((held) => checkView(held, acts.get(held.key) ?? [], around))
  })
  const check = computed<Check | null>(() => checks.value.find((each) => each.key === open.value) ?? null)
  const person = computed<Person | null>(() => people.value.find((each) => each.userId === device.value?.person) ?? null)
  return {
    checks,
    check,
    bay,
    person: shown(person),
    device: computed<Device | null>(() => device.value && { id: device.value.id, label: device.value.label, facility: device.value.facility, bays: device.value.bays }),
    stage: computed(() => stageOf(context, bay.value !== null, person.value !== null, check.value !== null)),
    people: computed(() => people.value.filter((each) => context.tick.value < each.goodUntil).map(bare)),
    arrivals: computed(() => arrivalsOf(context, bay.value)),
    sending: computed(() => sendingOf(context, sender)),
    kept: computed(() => keptOf(context)),
    health: computed(() => healthOf(context)),
    settings: computed(() => {
      const { revoked: _revoked, unknown: _unknown, ...settings } = context.settings.value
      return settings
    }),
    busy: computed(() => context.busy.value > 0),
  }
}

function byCheck(acts: readonly Written[]): ReadonlyMap<string | null, readonly Written[]> {
  const found = new Map<string | null, Written[]>()
  for (const act of acts) {
    const own = found.get(act.check)
    if (own) own.push(act)
    else found.set(act.check, [act])
  }
  return found
}

function shown(person: ReadonlySignal<Person | null>): ReadonlySignal<Person | null> {
  return computed(() => person.value && bare(person.value))
}

function bare({ userId, label, role }: Person): Person {
  return { userId, label, role }
}

function stageOf({ device, settings }: Context, bay: boolean, person: boolean, check: boolean): Stage {
  if (settings.value.revoked) return 'revoked'
  if (!device.value) return 'enrol'
  if (settings.value.unknown) return 'unknown'
  if (!bay) return 'bay'
  if (!person) return 'sign_on'
  if (device.value.locked) return 'locked'
  return check ? 'check' : 'arrivals'
}

function sendingOf({ journal, online, lastContactAt, device }: Context, sender: Sender): Sending {
  const unsent = journal.acts.value.filter(isUnsent)
  const cases = [...journal.cases.value.values()]
  return {
    online: online.value,
    unsent: unsent.length,
    unsentPhotos: unsent.filter((act) => PICTURES.includes(act.kind)).length,
    sendingNow: sender.busy.value,
    lastContactAt: lastContactAt.value,
    items: unsent.map((act) => ({ id: act.id, what: ACT_WORDS[act.kind], at: act.at + (device.value?.offset ?? 0), tries: act.tries, problem: act.problem })),
    contradicted: cases.flatMap((held) =>
      held.contradiction ? [{ number: held.records.at(-1) ?? '', words: held.contradiction, caseAddress: held.caseAddress }] : [],
    ),
  }
}

function keptOf({ kept, tick, device }: Context): Kept {
  const bundle = kept.value?.bundle
  if (!bundle) return { arrivalsAt: null, trustAt: null, revocationsAt: null, goodUntil: null, stale: true }
  const offset = device.value?.offset ?? 0
  const now = serverNow(tick.value, offset).getTime()
  const goodUntil = Date.parse(bundle.good_until)
  // Ages are counted by the clock of the screen.
  const trustAt = Date.parse(bundle.trust.fetched_at) + offset
  return {
    arrivalsAt: Date.parse(bundle.made_at) + offset,
    trustAt,
    revocationsAt: trustAt,
    goodUntil,
    stale: now >= goodUntil || now >= Date.parse(bundle.trust.good_until),
  }
}

function healthOf(context: Context): Health {
  const { device, storage, storageFull, updateWaiting, tick } = context
  const back = tick.value > 0 ? context.clockBackMs() : 0
  const offset = back > 0 ? (device.value?.offset ?? 0) - back : (device.value?.offset ?? null)
  const { used, quota } = storage.value
  const left = used !== null && quota !== null ? quota - used : null
  return {
    clockOffsetMs: offset,
    clockWrong: offset !== null && Math.abs(offset) > CLOCK_WRONG_MS,
    storageUsed: used,
    storageQuota: quota,
    storageTight: storageFull.value || (left !== null && left < DAYS_WORK_BYTES),
    version: __VERSION__,
    updateWaiting: updateWaiting.value,
  }
}
