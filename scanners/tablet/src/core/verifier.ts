/** A PIN that can be checked here later: PBKDF2 over it, with a salt of its own. */

import { fromBase64Url, toBase64Url, utf8 } from './bytes'

const SALT_BYTES = 16

export interface Verifier {
  readonly salt: string
  readonly hash: string
  readonly iterations: number
}

/** `salt` is base64url; a new one where none is given. */
export async function makeVerifier(secret: string, iterations: number, salt = newSalt()): Promise<Verifier> {
  return { salt, iterations, hash: await derive(secret, salt, iterations) }
}

export async function matches(secret: string, { salt, hash, iterations }: Verifier): Promise<boolean> {
  return (await derive(secret, salt, iterations)) === hash
}

function newSalt(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(SALT_BYTES)))
}

async function derive(secret: string, salt: string, iterations: number): Promise<string> {
  const key = await crypto.subtle.importKey('raw', utf8(secret), 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: fromBase64Url(salt), iterations }
  return toBase64Url(new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256)))
}
