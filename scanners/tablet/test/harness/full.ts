/** A store without room as long as pictures lie in it: nothing is put, but what makes room is done. */

import type { Change, Key, Kept, Place, Store } from '../../src/store/store'
import { StorageFull } from '../../src/store/store'

export class FullStore implements Store {
  full = false

  constructor(readonly store: Store) {}

  get<T>(place: Place, key: Key): Promise<T | undefined> {
    return this.store.get(place, key)
  }

  all<T>(place: Place): Promise<readonly Kept<T>[]> {
    return this.store.all(place)
  }

  async write(changes: readonly Change[]): Promise<readonly Key[]> {
    const pictures = await this.store.all('photos')
    if (this.full && pictures.length > 0 && changes.some((change) => 'put' in change)) throw new StorageFull()
    return this.store.write(changes)
  }

  clear(): Promise<void> {
    return this.store.clear()
  }
}
