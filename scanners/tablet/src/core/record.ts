/** What the device signs: its assertions, and the records of checks without network. */

import { toBase64Url, utf8 } from './bytes'
import { canonical, type Json } from './json'
import { ES256 } from './keys'

export const RECORD_TYPE = 'wb-off+jws'
export const ASSERTION_TYPE = 'wb-dev+jwt'

/** A compact JWS (ES256) with the fixed header `alg`, `kid`, `typ`. */
export async function signCompact(payload: Json, key: CryptoKey, kid: string, typ: string): Promise<string> {
  const header = toBase64Url(utf8(canonical({ alg: 'ES256', kid, typ })))
  const signed = `${header}.${toBase64Url(utf8(canonical(payload)))}`
  const signature = new Uint8Array(await crypto.subtle.sign(ES256, key, utf8(signed)))
  return `${signed}.${toBase64Url(signature)}`
}

/** A key pair whose private half cannot leave this browser, not even to our own code. */
export async function makeDeviceKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ES256, false, ['sign', 'verify'])
}

/** What the server is told of a key: the public point alone. */
export interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

export async function publicJwk(key: CryptoKey): Promise<PublicJwk> {
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', key)
  return { kty: 'EC', crv: 'P-256', x, y }
}
