/** A store whose process is killed at some write: before it is on the disk, or right after. */

import type { Change, Key, Kept, Place, Store } from '../../src/store/store'

const never = new Promise<never>(() => undefined)

export class MortalStore implements Store {
  writes = 0
  dead = false

  constructor(
    readonly store: Store,
    readonly diesAt: number,
    readonly when: 'before' | 'after',
  ) {}

  get<T>(place: Place, key: Key): Promise<T | undefined> {
    return this.dead ? never : this.store.get(place, key)
  }

  all<T>(place: Place): Promise<readonly Kept<T>[]> {
    return this.dead ? never : this.store.all(place)
  }

  async write(changes: readonly Change[]): Promise<readonly Key[]> {
    if (this.dead) return never
    this.writes += 1
    if (this.writes < this.diesAt) return this.store.write(changes)
    this.dead = true
    if (this.when === 'after') await this.store.write(changes)
    return never
  }

  clear(): Promise<void> {
    return this.dead ? never : this.store.clear()
  }
}
