/**
 * Acts and checks, in memory as they are in the store. Every change goes through one queue: it is
 * worked out from what is kept, written in one transaction, and only then seen by anybody. Of several
 * tabs one changes at a time, and each knows by the count of changes whether another was before it.
 */

import { type ReadonlySignal, signal } from '@preact/signals'
import type { Lock } from '../net/locks'
import type { Change, Store } from '../store/store'
import { type Act, isUnsent } from './acts'
import type { Case } from './case'

export type Written = Act & { readonly seq: number }

const COUNT = { place: 'device', key: 'changes' } as const

export interface Wanted {
  readonly cases?: readonly Case[]
  /** New acts, in their order. */
  readonly add?: readonly Act[]
  /** Acts that are there already, as they are now. */
  readonly acts?: readonly Written[]
  readonly remove?: { readonly cases: readonly string[]; readonly acts: readonly number[] }
  /** What belongs to the same moment elsewhere: pictures, the next record's number. */
  readonly more?: readonly Change[]
}

/** What is only removed has to go where there is no room for a count either. */
function bringsNothing({ add, acts, cases, more }: Wanted): boolean {
  return (add?.length ?? 0) + (acts?.length ?? 0) + (cases?.length ?? 0) === 0 && !more?.some((change) => 'put' in change)
}

export class Journal {
  readonly #cases = signal<ReadonlyMap<string, Case>>(new Map())
  readonly #acts = signal<readonly Written[]>([])
  #queue: Promise<unknown> = Promise.resolve()
  /** How many changes there were when this tab read or wrote last. */
  #changes = 0

  constructor(
    readonly store: Store,
    /** Held while something is changed, over all tabs. */
    readonly lock: Lock,
    /** Tells other tabs that something was written. */
    readonly onWritten: () => void = () => undefined,
  ) {}

  get cases(): ReadonlySignal<ReadonlyMap<string, Case>> {
    return this.#cases
  }

  get acts(): ReadonlySignal<readonly Written[]> {
    return this.#acts
  }

  case(key: string): Case | undefined {
    return this.#cases.peek().get(key)
  }

  act(id: string): Written | undefined {
    return this.#acts.peek().find((act) => act.id === id)
  }

  of(check: string): readonly Written[] {
    return this.#acts.peek().filter((act) => act.check === check)
  }

  unsent(): readonly Written[] {
    return this.#acts.peek().filter(isUnsent)
  }

  /** Read everything anew, as another tab may have written. */
  load(): Promise<void> {
    return this.#inTurn(() => this.#read())
  }

  /** Nothing that was refused for want of room has changed anything. */
  change(work: () => Wanted | Promise<Wanted>): Promise<void> {
    return this.#inTurn(async () => {
      if ((await this.#counted()) !== this.#changes) await this.#read()
      const wanted = this.#ofWhatIs(await work())
      const added = wanted.add ?? []
      const keys = await this.store.write([
        ...added.map((act): Change => ({ place: 'acts', put: act })),
        ...(wanted.acts ?? []).map(({ seq, ...act }): Change => ({ place: 'acts', key: seq, put: act })),
        ...(wanted.cases ?? []).map((each): Change => ({ place: 'checks', key: each.key, put: each })),
        ...(wanted.remove?.cases ?? []).map((key): Change => ({ place: 'checks', remove: key })),
        ...(wanted.remove?.acts ?? []).map((key): Change => ({ place: 'acts', remove: key })),
        ...(wanted.more ?? []),
        ...(bringsNothing(wanted) ? [] : [{ ...COUNT, put: this.#changes + 1 }]),
      ])
      if (!bringsNothing(wanted)) this.#changes += 1
      this.#see(wanted, added.map((act, at) => ({ ...act, seq: Number(keys[at]) })))
      this.onWritten()
    })
  }

  /** Forget what is in memory, after the store was emptied. */
  forget(): void {
    this.#cases.value = new Map()
    this.#acts.value = []
    this.#changes = 0
  }

  async #read(): Promise<void> {
    const [changes, cases, acts] = await Promise.all([this.#counted(), this.store.all<Case>('checks'), this.store.all<Act>('acts')])
    this.#changes = changes
    this.#cases.value = new Map(cases.map(({ value }) => [value.key, value]))
    this.#acts.value = acts.map(({ key, value }) => ({ ...value, seq: Number(key) }))
  }

  async #counted(): Promise<number> {
    return (await this.store.get<number>(COUNT.place, COUNT.key)) ?? 0
  }

  /** What was removed meanwhile does not come back by a change to it. */
  #ofWhatIs(wanted: Wanted): Wanted {
    if (!wanted.acts) return wanted
    const known = new Set(this.#acts.peek().map(({ seq }) => seq))
    return { ...wanted, acts: wanted.acts.filter(({ seq }) => known.has(seq)) }
  }

  #see(wanted: Wanted, added: readonly Written[]): void {
    const changed = new Map((wanted.acts ?? []).map((act) => [act.seq, act]))
    const gone = new Set(wanted.remove?.acts)
    if (added.length + changed.size + gone.size > 0) {
      const kept = this.#acts.peek().filter((act) => !gone.has(act.seq))
      this.#acts.value = [...kept.map((act) => changed.get(act.seq) ?? act), ...added]
    }
    if ((wanted.cases?.length ?? 0) + (wanted.remove?.cases.length ?? 0) > 0) {
      const cases = new Map(this.#cases.peek())
      for (const each of wanted.cases ?? []) cases.set(each.key, each)
      for (const key of wanted.remove?.cases ?? []) cases.delete(key)
      this.#cases.value = cases
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(() => this.lock(work))
    this.#queue = done.catch(() => undefined)
    return done
  }
}
