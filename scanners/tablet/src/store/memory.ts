/** A store that forgets: for training, which never touches the real one. */

import { type Change, type Kept, type Key, PLACES, type Place, type Store } from './store'

export function memoryStore(): Store {
  const places = new Map<Place, Map<Key, unknown>>(PLACES.map((place) => [place, new Map()]))
  let next = 1
  const at = (place: Place): Map<Key, unknown> => places.get(place) ?? new Map<Key, unknown>()
  return {
    get: async <T>(place: Place, key: Key) => at(place).get(key) as T | undefined,
    all: async <T>(place: Place) =>
      [...at(place)].map(([key, value]): Kept<T> => ({ key, value: value as T })).sort((a, b) => (a.key < b.key ? -1 : 1)),
    write: async (changes: readonly Change[]) => {
      const keys: Key[] = []
      for (const change of changes) {
        if ('put' in change) {
          const key = change.key ?? next++
          at(change.place).set(key, change.put)
          keys.push(key)
        } else at(change.place).delete(change.remove)
      }
      return keys
    },
    clear: async () => {
      for (const place of places.values()) place.clear()
    },
  }
}
