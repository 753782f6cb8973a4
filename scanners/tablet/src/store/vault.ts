/**
 * What can be read of somebody or of a load lies encrypted, under a key that never leaves this
 * browser and goes when the device is revoked: what is left is noise, whoever copies the disk.
 */

import type { Bytes } from '../core/bytes'
import { type Change, type Kept, type Key, type Place, type Store } from './store'

const AES = { name: 'AES-GCM', length: 256 } as const
const NONCE_BYTES = 12
/** The device's own row holds keys, which cannot be turned into bytes. */
const OPEN: readonly Place[] = ['device']

export interface Sealed {
  readonly nonce: Bytes
  readonly bytes: ArrayBuffer
}

export function makeVaultKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt'])
}

export class Vault implements Store {
  constructor(
    readonly store: Store,
    /** `null` before enrolment: nothing that needs it is kept then. */
    readonly key: () => CryptoKey | null,
  ) {}

  async get<T>(place: Place, key: Key): Promise<T | undefined> {
    const found = await this.store.get<T | Sealed>(place, key)
    return found === undefined || OPEN.includes(place) ? (found as T | undefined) : this.#open(place, found as Sealed)
  }

  async all<T>(place: Place): Promise<readonly Kept<T>[]> {
    const found = await this.store.all<T | Sealed>(place)
    if (OPEN.includes(place)) return found as readonly Kept<T>[]
    return Promise.all(found.map(async ({ key, value }) => ({ key, value: await this.#open<T>(place, value as Sealed) })))
  }

  async write(changes: readonly Change[]): Promise<readonly Key[]> {
    // Sealed before the transaction begins: one that waits for something else ends by itself.
    return this.store.write(await Promise.all(changes.map((change) => this.#sealed(change))))
  }

  clear(): Promise<void> {
    return this.store.clear()
  }

  async #sealed(change: Change): Promise<Change> {
    if (!('put' in change) || OPEN.includes(change.place)) return change
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
    const algorithm = { name: AES.name, iv: nonce, additionalData: context(change.place) }
    const bytes = await crypto.subtle.encrypt(algorithm, this.#key(), toBytes(change.put))
    return { ...change, put: { nonce, bytes } satisfies Sealed }
  }

  async #open<T>(place: Place, sealed: Sealed): Promise<T> {
    const algorithm = { name: AES.name, iv: sealed.nonce, additionalData: context(place) }
    const bytes = new Uint8Array(await crypto.subtle.decrypt(algorithm, this.#key(), sealed.bytes))
    return fromBytes(bytes) as T
  }

  #key(): CryptoKey {
    const key = this.key()
    if (!key) throw new Error('this device has no key')
    return key
  }
}

/** What is sealed in one place does not open in another. */
function context(place: Place): Bytes {
  return new TextEncoder().encode(place)
}

const AS_JSON = 0
const AS_BYTES = 1

function toBytes(value: unknown): Bytes {
  const binary = value instanceof Uint8Array
  const content = binary ? value : new TextEncoder().encode(JSON.stringify(value))
  const marked = new Uint8Array(content.length + 1)
  marked[0] = binary ? AS_BYTES : AS_JSON
  marked.set(content, 1)
  return marked
}

function fromBytes(bytes: Bytes): unknown {
  const content = bytes.slice(1)
  return bytes[0] === AS_BYTES ? content : JSON.parse(new TextDecoder().decode(content))
}
