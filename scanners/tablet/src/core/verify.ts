/** Whether a code may be believed: numbered steps, each of which refuses by its own code. */

import { toBase64Url, utf8 } from './bytes'
import { type Claims, parseClaims } from './claims'
import { type Envelope, openEnvelope } from './envelope'
import { canonical, type Json, parseStrict } from './json'
import { ES256, type KeyTable } from './keys'
import { QrProblem } from './problem'

/** Seconds by which `iat` and `nbf` may lie ahead of the reader's clock; `exp` has no such grace. */
const SKEW_S = 60
const MAX_CLAIMS_DEPTH = 4

export async function verifyQr(text: string, keys: KeyTable, nowS: number, kind: Claims['kind'] | null = 'waybill'): Promise<Claims> {
  return verifyEnvelope(await openEnvelope(text), keys, nowS, kind)
}

export async function verifyEnvelope(
  envelope: Envelope,
  keys: KeyTable,
  nowS: number,
  kind: Claims['kind'] | null = null,
): Promise<Claims> {
  // 1. The key comes from our table, never from the code.
  const trusted = keys.get(envelope.kid)
  if (!trusted) throw new QrProblem('unknown-key', envelope.kid)
  // 2. The signature, over the fixed header and the bytes as they are. The twin (r, n-s) of a
  //    signature holds too, so a code is known by its waybill and revision, never by its text.
  const signed = `${toBase64Url(utf8(qrHeader(envelope.kid)))}.${toBase64Url(envelope.claims)}`
  const holds = await crypto.subtle.verify(ES256, trusted.key, envelope.signature, utf8(signed))
  if (!holds) throw new QrProblem('bad-signature', envelope.kid)
  // 3. Only now the content.
  const claims = readClaims(envelope)
  if (kind !== null && claims.kind !== kind) throw new QrProblem('wrong-kind', claims.kind)
  // 4. The key is not revoked: whatever date stands in what a thief signed with it.
  if (trusted.revokedAt !== null && nowS >= trusted.revokedAt) throw new QrProblem('key-revoked', envelope.kid)
  // 5. The times.
  if (claims.iat > nowS + SKEW_S) throw new QrProblem('issued-in-future')
  if (claims.nbf > nowS + SKEW_S) throw new QrProblem('not-yet-valid')
  if (claims.exp <= nowS) throw new QrProblem('expired')
  return claims
}

/** What a code claims without proof: to say which one was refused, never to act on. */
export function readClaims(envelope: Envelope): Claims {
  let value: Json
  try {
    value = parseStrict(envelope.claims, MAX_CLAIMS_DEPTH)
  } catch {
    throw new QrProblem('not-json')
  }
  return parseClaims(value)
}

function qrHeader(kid: string): string {
  return canonical({ alg: 'ES256', kid, typ: 'wb+jwt' })
}
