/** What a code says, once each claim is of its type. Names are short because letters cost modules. */

import type { Json } from './json'
import { QrProblem } from './problem'

export type CardKind = 'vehicle' | 'trailer' | 'driver' | 'escort' | 'tank' | 'document' | 'supervisor'

export interface Times {
  readonly iss: string
  readonly iat: number
  readonly nbf: number
  readonly exp: number
}

export interface WaybillClaims extends Times {
  readonly kind: 'waybill'
  readonly jti: string
  readonly rev: number
  readonly veh: string
  readonly trl: string | null
  readonly drv: string
  readonly esc: string | null
  readonly tnk: string | null
  readonly ldr: string
  readonly gds: readonly (readonly [string, string, number, string])[]
}

export interface CardClaims extends Times {
  readonly kind: CardKind
  readonly sub: string
  readonly ver: number
}

export type Claims = WaybillClaims | CardClaims

const CARD_KINDS: readonly string[] = ['vehicle', 'trailer', 'driver', 'escort', 'tank', 'document', 'supervisor']
const MAX_TEXT_CHARS = 64
const MAX_WHOLE = 10 ** 9
const MAX_UNIX_TIME_S = 253_402_300_799
const MAX_GOODS_LINES = 32
// Letters, marks, numbers, punctuation, symbols and the plain space: what Python calls printable.
const PRINTABLE = /^(?: |[^\p{C}\p{Z}])+$/u

type Object = { readonly [name: string]: Json }
type Check<T> = (value: Json | undefined, name: string) => T

export function parseClaims(value: Json): Claims {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new QrProblem('not-an-object')
  const members = value as Object
  return 'knd' in members ? card(members) : waybill(members)
}

function waybill(members: Object): WaybillClaims {
  required(members, ['iss', 'iat', 'nbf', 'exp', 'jti', 'rev', 'veh', 'trl', 'drv', 'esc', 'tnk', 'ldr', 'gds'])
  const take = <T>(name: string, check: Check<T>): T => check(members[name], name)
  const lines = members.gds
  if (!Array.isArray(lines) || lines.length < 1 || lines.length > MAX_GOODS_LINES) throw new QrProblem('bad-claim', 'gds')
  return {
    kind: 'waybill',
    ...times(members),
    jti: take('jti', text),
    rev: take('rev', count),
    veh: take('veh', text),
    trl: take('trl', textOrNull),
    drv: take('drv', text),
    esc: take('esc', textOrNull),
    tnk: take('tnk', textOrNull),
    ldr: take('ldr', text),
    gds: lines.map(goodsLine),
  }
}

function card(members: Object): CardClaims {
  const kind = members.knd
  if (typeof kind !== 'string' || !CARD_KINDS.includes(kind)) throw new QrProblem('unknown-kind')
  required(members, ['iss', 'iat', 'nbf', 'exp', 'sub', 'ver'])
  return { kind: kind as CardKind, ...times(members), sub: text(members.sub, 'sub'), ver: count(members.ver, 'ver') }
}

function times(members: Object): Times {
  return {
    iss: text(members.iss, 'iss'),
    iat: unixTime(members.iat, 'iat'),
    nbf: unixTime(members.nbf, 'nbf'),
    exp: unixTime(members.exp, 'exp'),
  }
}

function goodsLine(line: Json): readonly [string, string, number, string] {
  if (!Array.isArray(line) || line.length < 4 || line.length > 5) throw new QrProblem('bad-claim', 'gds')
  const [unNumber, packingGroup, quantity, unit, row] = line as Json[]
  const known =
    /^[0-9]{4}$/.test(text(unNumber, 'gds')) &&
    ['I', 'II', 'III', '', null].includes(packingGroup as string | null) &&
    ['kg', 'L'].includes(unit as string)
  if (!known) throw new QrProblem('bad-claim', 'gds')
  if (line.length === 5) text(row, 'gds')
  return [unNumber as string, (packingGroup ?? '') as string, whole(quantity, 'gds'), unit as string]
}

function required(members: Object, names: readonly string[]): void {
  for (const name of names) if (!Object.hasOwn(members, name)) throw new QrProblem('missing-claim', name)
}

function text(value: Json | undefined, name: string): string {
  if (typeof value === 'string' && [...value].length <= MAX_TEXT_CHARS && PRINTABLE.test(value)) return value
  throw new QrProblem('bad-claim', name)
}

function textOrNull(value: Json | undefined, name: string): string | null {
  return value === null ? null : text(value, name)
}

function integer(value: Json | undefined, name: string, lowest: number, highest: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= lowest && value <= highest) return value
  throw new QrProblem('bad-claim', name)
}

const whole: Check<number> = (value, name) => integer(value, name, 0, MAX_WHOLE)
const count: Check<number> = (value, name) => integer(value, name, 1, MAX_WHOLE)
const unixTime: Check<number> = (value, name) => integer(value, name, 1, MAX_UNIX_TIME_S)
