/** From a text at the bay to evidence, as `scanners/presenting.py` does it with the server's keys. */

import type { Claims } from './claims'
import { type Envelope, isSealed, openEnvelope } from './envelope'
import type { ScanItem, SubjectKind } from './evidence'
import type { KeyTable } from './keys'
import { QrProblem } from './problem'
import { readClaims, verifyEnvelope } from './verify'

export interface Presented {
  /** `null` where the text names nothing and no step was asked. */
  readonly item: ScanItem | null
  /** What a code that held says. */
  readonly claims: Claims | null
  readonly problem: string
}

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'
const PLATE = new RegExp(
  `^[${PROVINCES}][A-HJ-NP-Z](?:[0-9A-HJ-NP-Z]{5}|[0-9A-HJ-NP-Z]{4}挂|[A-HJK][0-9A-HJ-NP-Z][0-9]{4}|[0-9]{5}[A-HJK])$`,
)
const WAYBILL_NUMBER = /^[0-9]{18}[0-9A-Z]{4}[0-9]{3}[0-9A-Z]$/
const TANK_CONTAINER = /^[A-Z]{3}[UJZ][0-9]{7}$/
/** What scanners, keyboards and input methods leave around a code; a change inside is damage. */
const FRAME = /^[\u0000-\u0020\u007f\u00a0\u200b-\u200d\u2060\u3000\ufeff]+|[\u0000-\u0020\u007f\u00a0\u200b-\u200d\u2060\u3000\ufeff]+$/g
const SYMBOLOGY = /^\][A-Za-z][0-9A-Za-z]/
const SEPARATORS = /[·•・‧∙.\-— \u3000]/g
const NAMED_BY_STEP: readonly SubjectKind[] = ['tank', 'driver', 'escort', 'supervisor', 'document']
const MAX_PLAIN_CHARS = 40

export function cleanText(text: string): string {
  const stripped = text.replace(FRAME, '')
  return stripped.replace(SYMBOLOGY, '').replace(FRAME, '')
}

/** A plate in its stored spelling, `null` for what is none. */
export function parsePlate(text: string): string | null {
  const plate = halfWidth(text).replace(SEPARATORS, '').replace(/[a-z]/g, (letter) => letter.toUpperCase())
  return PLATE.test(plate) ? plate : null
}

export async function present(text: string, keys: KeyTable, at: Date, typed: boolean, expected: SubjectKind | null): Promise<Presented> {
  const cleaned = cleanText(text)
  const base = { at: at.toISOString(), typed, expected }
  if (!cleaned) return asked('', 'empty', base)
  if (isSealed(cleaned)) return sealed(cleaned, keys, at, base)
  const named = plainKind(cleaned)
  if (named) return { item: scan(named.kind, named.subject, base, ''), claims: null, problem: '' }
  return asked(cleaned, 'unknown-format', base)
}

interface Base {
  readonly at: string
  readonly typed: boolean
  readonly expected: SubjectKind | null
}

async function sealed(text: string, keys: KeyTable, at: Date, base: Base): Promise<Presented> {
  let envelope: Envelope | null = null
  try {
    envelope = await openEnvelope(text)
    const claims = await verifyEnvelope(envelope, keys, Math.floor(at.getTime() / 1000))
    return { item: signed(claims, base, ''), claims, problem: '' }
  } catch (error) {
    if (!(error instanceof QrProblem)) throw error
    const claimed = envelope && claimedBy(envelope)
    // What a refused code claims to be is told, so that people know which one to replace.
    if (claimed) return { item: signed(claimed, base, error.code), claims: null, problem: error.code }
    const item = base.expected ? { ...scan(base.expected, '', base, error.code), presentation: 'signed_qr' as const } : null
    return { item, claims: null, problem: error.code }
  }
}

function claimedBy(envelope: Envelope): Claims | null {
  try {
    return readClaims(envelope)
  } catch {
    return null
  }
}

function signed(claims: Claims, { at }: Base, problem: string): ScanItem {
  const waybill = claims.kind === 'waybill'
  return {
    type: 'scan',
    kind: claims.kind,
    presentation: 'signed_qr',
    subject: waybill ? idOfWaybill(claims.jti) : claims.sub,
    at,
    problem,
    revision: waybill && !problem ? claims.rev : null,
    card_version: waybill || problem ? null : claims.ver,
  }
}

/** A code writes the waybill's id without hyphens, because each costs modules; nobody else does. */
export function idOfWaybill(jti: string): string {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(jti)
  return parts ? parts.slice(1).join('-') : jti
}

function plainKind(text: string): { kind: SubjectKind; subject: string } | null {
  const plate = parsePlate(text)
  if (plate) return { kind: plate.endsWith('挂') ? 'trailer' : 'vehicle', subject: plate }
  const number = halfWidth(text).toUpperCase()
  if (TANK_CONTAINER.test(number) && checkDigit(number) === Number(number.at(-1))) return { kind: 'tank', subject: number }
  return WAYBILL_NUMBER.test(number) ? { kind: 'waybill', subject: number } : null
}

/** A text that names nothing by itself counts as an attempt at what was asked for. */
function asked(text: string, problem: string, base: Base): Presented {
  const { expected } = base
  if (!expected) return { item: null, claims: null, problem }
  const short = text.length > 0 && text.length <= MAX_PLAIN_CHARS && /^(?: |[^\p{C}\p{Z}])+$/u.test(text)
  if (short && NAMED_BY_STEP.includes(expected)) return { item: scan(expected, text, base, ''), claims: null, problem: '' }
  return { item: scan(expected, '', base, problem), claims: null, problem }
}

function scan(kind: SubjectKind, subject: string, { at, typed }: Base, problem: string): ScanItem {
  const presentation = typed ? 'typed' : 'plain_code'
  return { type: 'scan', kind, presentation, subject, at, problem, revision: null, card_version: null }
}

function halfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
}

/** ISO 6346: letters count from 10 without the multiples of eleven. */
function checkDigit(number: string): number {
  const sum = [...number.slice(0, 10)].reduce((total, char, at) => total + valueOf(char) * 2 ** at, 0)
  return (sum % 11) % 10
}

function valueOf(char: string): number {
  if (/[0-9]/.test(char)) return Number(char)
  const place = char.charCodeAt(0) - 65
  return 10 + place + Math.floor((place + 9) / 10)
}
