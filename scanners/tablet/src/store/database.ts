/** The store in IndexedDB. */

import { type IDBPDatabase, openDB } from 'idb'
import { type Change, type Kept, type Key, PLACES, type Place, StorageFull, type Store } from './store'

export const DATABASE = 'waybill-tablet'
const VERSION = 1

/** Places that number what is put into them. */
const NUMBERED: readonly Place[] = ['acts']

export async function openDatabase(name = DATABASE): Promise<Store> {
  const database = await openDB(name, VERSION, {
    // Each version adds what it brings, so that any older one can be brought up.
    upgrade(opened, from) {
      if (from < 1) for (const place of PLACES) opened.createObjectStore(place, { autoIncrement: NUMBERED.includes(place) })
    },
    // Another tab with a newer version waits for us: let it go on, and read anew when needed.
    blocking: () => database.close(),
  })
  return new Database(database)
}

class Database implements Store {
  constructor(readonly database: IDBPDatabase) {}

  get<T>(place: Place, key: Key): Promise<T | undefined> {
    return this.database.get(place, key)
  }

  async all<T>(place: Place): Promise<readonly Kept<T>[]> {
    const transaction = this.database.transaction(place)
    const [keys, values] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()])
    return keys.map((key, at) => ({ key: key as Key, value: values[at] as T }))
  }

  async write(changes: readonly Change[]): Promise<readonly Key[]> {
    const places = [...new Set(changes.map((change) => change.place))]
    if (places.length === 0) return []
    // `strict`: the transaction is complete when it is on the disk, not when the system has it.
    const transaction = this.database.transaction(places, 'readwrite', { durability: 'strict' })
    const writing: Promise<unknown>[] = []
    try {
      for (const change of changes) {
        const store = transaction.objectStore(change.place)
        writing.push('put' in change ? store.put(change.put, change.key) : store.delete(change.remove))
      }
      const done = await Promise.all([...writing, transaction.done])
      return changes.flatMap((change, at) => ('put' in change ? [done[at] as Key] : []))
    } catch (error) {
      for (const each of writing) each.catch(() => undefined)
      abort(transaction)
      throw isQuota(error) || isQuota(transaction.error) ? new StorageFull() : error
    }
  }

  async clear(): Promise<void> {
    const transaction = this.database.transaction(PLACES as Place[], 'readwrite', { durability: 'strict' })
    await Promise.all([...PLACES.map((place) => transaction.objectStore(place).clear()), transaction.done])
  }
}

function abort(transaction: { abort(): void; done: Promise<void> }): void {
  void transaction.done.catch(() => undefined)
  try {
    transaction.abort()
  } catch {
    // It has ended by itself.
  }
}

function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}
