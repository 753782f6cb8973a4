/**
 * Where things are kept: few places, and one way to write. Everything of one act is written in one
 * transaction that is on the disk before the promise resolves.
 */

export type Place =
  /** This device, its keys, what it is set to. */ | 'device'
  /** Those who signed on today. */ | 'people'
  /** What the server gave to keep: arrivals, trust, revocations. */ | 'kept'
  | 'checks'
  /** Acts in their order; those that are not sent are the outbox. */ | 'acts'
  | 'photos'

export const PLACES: readonly Place[] = ['device', 'people', 'kept', 'checks', 'acts', 'photos']

export type Key = string | number

/** Put under a key, put at the end (`key` left out: the place numbers it), or remove. */
export type Change =
  | { readonly place: Place; readonly key?: Key; readonly put: unknown }
  | { readonly place: Place; readonly remove: Key }

export interface Kept<T> {
  readonly key: Key
  readonly value: T
}

export interface Store {
  get<T>(place: Place, key: Key): Promise<T | undefined>
  all<T>(place: Place): Promise<readonly Kept<T>[]>
  /** All or nothing. Returns the keys of what was put, in order. Throws `StorageFull`. */
  write(changes: readonly Change[]): Promise<readonly Key[]>
  clear(): Promise<void>
}

/** There is no room: nothing of this act was written, everything written before is there. */
export class StorageFull extends Error {
  constructor() {
    super('no room left')
  }
}
