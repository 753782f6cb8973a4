/** The record of a check that was decided, or could not be sent, without network. */

import { iso } from '../core/clock'
import type { Json } from '../core/json'
import { RECORD_TYPE, signCompact } from '../core/record'
import type { Change } from '../store/store'
import { type Act, GATHERED, isUnsent, LOADED } from './acts'
import type { Case } from './case'
import type { Written } from './journal'
import type { DeviceRow } from './places'

export interface Conclusion {
  readonly decision: 'cleared' | 'refused' | 'not_proven' | null
  readonly reasons: readonly string[]
  readonly at: number | null
}

interface Parts {
  readonly device: DeviceRow
  readonly held: Case
  readonly acts: readonly Written[]
  readonly conclusion: Conclusion
  readonly bundle: string | null
  readonly person: string | null
  readonly session: string | null
  /** By this device's clock. */
  readonly now: number
  /** The same by the server's. */
  readonly moment: number
  readonly taking: Taking
}

/**
 * What a record takes along of what waits: the evidence alone, and a decision is asked for after it;
 * the question for the decision too; or what became of the load as well, as no other way is open to it.
 */
export type Taking = 'evidence' | 'all' | 'last'

export interface Recorded {
  readonly held: Case
  readonly act: Act
  readonly pictures: readonly Act[]
  readonly replaced: readonly Written[]
  readonly change: Change
}

/** Make a record under the next reserved number, in the place of acts that were never sent. */
export async function makeRecord(parts: Parts): Promise<Recorded> {
  const { device, held, acts } = parts
  const number = `${device.prefix}-${String(device.nextNumber).padStart(6, '0')}`
  const last = parts.taking === 'last'
  const waiting = acts.filter((act) => isUnsent(act) && (GATHERED.includes(act.kind) || (last && LOADED.includes(act.kind))) && !(parts.taking === 'evidence' && act.kind === 'decision'))
  // What was tried may have arrived: it goes on under its own key. Pictures arrive with the record.
  const replaced = waiting.filter((act) => last || act.tries === 0 || act.kind === 'photo')
  const json = await signed(device, payload(parts, number))
  const act = recordAct(parts, json)
  return {
    held: { ...held, records: [...held.records, number] },
    act,
    pictures: replaced.flatMap((act) => (act.photo === null ? [] : [pictureAct(parts, act.photo)])),
    replaced: replaced.map((each) => ({ ...each, state: 'recorded' })),
    change: { place: 'device', key: 'device', put: { ...device, nextNumber: device.nextNumber + 1 } },
  }
}

/** Sign a record anew with the server's check, if it was never sent and that is known by now. */
export async function withCheck(device: DeviceRow, json: string, check: string): Promise<string> {
  const body = payloadOf(json)
  return body.check_id === check ? json : signed(device, { ...body, check_id: check })
}

/** What a record says, from the body that sends it. */
export function payloadOf(json: string | null): { readonly [name: string]: Json } & { readonly decision?: Conclusion['decision'] } {
  const { record = '' } = JSON.parse(json ?? '{}') as { record?: string }
  return record ? (JSON.parse(fromCompact(record)) as { readonly decision?: Conclusion['decision'] }) : {}
}

async function signed(device: DeviceRow, body: Json): Promise<string> {
  return JSON.stringify({ record: await signCompact(body, device.key, device.id, RECORD_TYPE) })
}

/**
 * All moments are told by this device's clock as it goes now, and by how much that is wrong: a clock
 * that was put right in the middle of a check does not put its times out of order.
 */
function payload({ device, held, acts, conclusion, bundle, person, session, now, taking }: Parts, number: string): Json {
  const last = taking === 'last'
  const told = (moment: number): string => iso(moment + (device.offset ?? 0))
  const evidence = acts.flatMap((act) => {
    const found = act.evidence ?? (last && isUnsent(act) ? asEvidence(act) : null)
    return found && act.state !== 'dropped' ? [{ ...found, ...givenBy(act, person), at: told(act.at) }] : []
  })
  return {
    v: 1,
    number,
    device: device.id,
    person,
    session,
    bay_id: held.bay,
    made_at: iso(now),
    clock_offset_ms: device.offset,
    bundle,
    looks: held.arrival?.looks?.seal ?? null,
    check_id: held.serverId,
    waybill: { id: held.waybillId, revision: held.revision, text: held.text, typed: held.typed },
    opened_at: told(held.openedAt),
    evidence,
    decision: conclusion.decision,
    decided_at: conclusion.at === null ? null : told(conclusion.at),
    reasons: [...conclusion.reasons],
    loading: last ? loadingOf(acts) : null,
  }
}

/** Who gave an item, where that is not who decided: each act stays its own person's. A consent says so itself. */
function givenBy({ kind, person, session }: Act, recorded: string | null): { readonly [name: string]: Json } {
  return kind === 'consent' || person === null || person === recorded ? {} : { person, own_session: session }
}

/** What became of the load, as the server keeps and does not judge it: under names of its own. */
function asEvidence({ id, kind, json }: Act): { readonly [name: string]: Json } | null {
  if (!LOADED.includes(kind) || kind === 'release') return null
  return { ...(JSON.parse(json ?? '{}') as { readonly [name: string]: Json }), type: kind, id }
}

/** The loading record that was entered and never taken. */
function loadingOf(acts: readonly Act[]): Json {
  const entered = acts.findLast((act) => act.kind === 'release' && isUnsent(act))
  return entered ? (JSON.parse(entered.json ?? 'null') as Json) : null
}

function recordAct({ held, person, moment }: Parts, json: string): Act {
  return { ...EMPTY, id: crypto.randomUUID(), kind: 'record', check: held.key, path: '/tablet/records', json, at: moment, person }
}

function pictureAct({ held, person, moment }: Parts, sha256: string): Act {
  const path = `/tablet/photos/${sha256}`
  return { ...EMPTY, id: crypto.randomUUID(), kind: 'record_photo', check: held.key, path, photo: sha256, at: moment, person }
}

const EMPTY = {
  json: null,
  photo: null,
  item: null,
  evidence: null,
  session: null,
  state: 'unsent',
  tries: 0,
  problem: null,
} as const

function fromCompact(jws: string): string {
  const part = jws.split('.')[1] ?? ''
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
  return new TextDecoder().decode(bytes)
}
