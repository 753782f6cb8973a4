/**
 * What is in the digits: 0x01, length of kid, kid, raw DEFLATE of the claims, 64-byte signature.
 * Reading it proves nothing; `verify.ts` does.
 */

import type { Bytes } from './bytes'
import { decodeDigits } from './digits'
import { QrProblem } from './problem'

const MARKER = '/q#'
const MAX_TEXT_CHARS = 4096
const FORMAT_VERSION = 1
const SIGNATURE_BYTES = 64
const KEY_ID_MAX_CHARS = 32

export const MAX_CLAIMS_BYTES = 4096

export interface Envelope {
  readonly kid: string
  readonly claims: Bytes
  readonly signature: Bytes
}

/** Whether a text is one of our own codes, whatever is the matter with it. */
export function isSealed(text: string): boolean {
  return text.includes(MARKER) || text.includes(MARKER.toUpperCase())
}

export async function openEnvelope(text: string): Promise<Envelope> {
  // The cap comes first: everything after it may take time in proportion.
  if (text.length > MAX_TEXT_CHARS) throw new QrProblem('too-long')
  // A scanner that types with Caps Lock on turns the mark into capitals; digits have no case.
  const marked = text.includes(MARKER) ? text : text.replace(MARKER.toUpperCase(), MARKER)
  const at = marked.indexOf(MARKER)
  if (at < 0) throw new QrProblem('no-marker')
  const bytes = decodeDigits(marked.slice(at + MARKER.length))
  if (bytes[0] !== FORMAT_VERSION) throw new QrProblem('unknown-version')
  const kidEnd = 2 + (bytes[1] ?? 0)
  if (bytes.length <= kidEnd + SIGNATURE_BYTES) throw new QrProblem('truncated')
  const kid = String.fromCharCode(...bytes.subarray(2, kidEnd))
  if (kid.length > KEY_ID_MAX_CHARS || !/^[A-Za-z0-9_-]+$/.test(kid)) throw new QrProblem('malformed')
  const claims = await inflate(bytes.slice(kidEnd, -SIGNATURE_BYTES))
  return { kid, claims, signature: bytes.slice(-SIGNATURE_BYTES) }
}

async function inflate(deflated: Bytes): Promise<Bytes> {
  const reader = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  const found = new Uint8Array(MAX_CLAIMS_BYTES)
  let length = 0
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new QrProblem('not-deflate')
    })
    if (done) return found.slice(0, length)
    if (length + value.length > MAX_CLAIMS_BYTES) {
      void reader.cancel().catch(() => undefined)
      throw new QrProblem('inflate-limit')
    }
    found.set(value, length)
    length += value.length
  }
}
