/** The keys a tablet trusts, by key id, as the server's trust list names them. */

import { fromBase64Url } from './bytes'
import { QrProblem } from './problem'

export const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface Jwk {
  readonly kty?: string
  readonly crv?: string
  readonly kid?: string
  readonly x?: string
  readonly y?: string
  readonly use?: string
  readonly alg?: string
  readonly d?: string
}

export interface TrustedKey {
  readonly kid: string
  readonly key: CryptoKey
  /** From this Unix time on, in seconds, nothing it signed is believed; `null` where it stands. */
  readonly revokedAt: number | null
}

export type KeyTable = ReadonlyMap<string, TrustedKey>

/** A key set in which every key is one of ours; throws `bad-key` otherwise. */
export async function readKeys(
  jwks: { readonly keys: readonly Jwk[] },
  revoked: ReadonlyMap<string, number> = new Map(),
): Promise<KeyTable> {
  const table = new Map<string, TrustedKey>()
  for (const jwk of jwks.keys) {
    const key = await readKey(jwk)
    if (table.has(key.kid)) throw new QrProblem('bad-key', key.kid)
    table.set(key.kid, { ...key, revokedAt: revoked.get(key.kid) ?? null })
  }
  return table
}

async function readKey(jwk: Jwk): Promise<{ kid: string; key: CryptoKey }> {
  const { kty, crv, kid, x, y } = jwk
  const ours = kty === 'EC' && crv === 'P-256' && (jwk.use ?? 'sig') === 'sig' && (jwk.alg ?? 'ES256') === 'ES256'
  if (!ours || !kid || !isCoordinate(x) || !isCoordinate(y) || 'd' in jwk) throw new QrProblem('bad-key', kid ?? '')
  try {
    const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y } as JsonWebKey, ES256, true, ['verify'])
    return { kid, key }
  } catch {
    throw new QrProblem('bad-key', kid)
  }
}

function isCoordinate(text: string | undefined): text is string {
  try {
    return text !== undefined && fromBase64Url(text).length === 32
  } catch {
    return false
  }
}
