/**
 * What a tablet without network may decide: equality with what is expected, and nothing else. The
 * twin of `scanners/offline.py`, by the same vectors. No rule of law is judged here.
 */

import type { CardKind } from './claims'
import { type ConsentItem, Evidence, type Item, type PlateItem, type PresenceItem, type ScanItem } from './evidence'
import type { ExpectedArrival, ExpectedBundle, ExpectedCard } from './expected'
import { byCodePoint } from './json'

export type OfflineDecision = 'cleared' | 'refused' | 'not_proven'

export interface OfflineReason {
  readonly code: string
  /** What it is about; empty: the whole check. */
  readonly about: string
  /** Something is definitely otherwise; else it is only not proven. */
  readonly contradicts: boolean
}

export interface OfflineDecided {
  readonly decision: OfflineDecision
  readonly reasons: readonly string[]
}

type Reasons = Generator<OfflineReason>

const CARDS: readonly CardKind[] = ['vehicle', 'trailer', 'driver', 'escort', 'tank']
const CREW = ['driver', 'escort'] as const
const UNITS = ['tractor', 'trailer'] as const
/** How long plates, presence and answers count in a check that was refused; the server's figure. */
export const SEEN_LIFETIME_MS = 3_600_000

/**
 * Decide by what is kept and what was shown, oldest first. `at` is the moment by the server's clock
 * as far as the tablet knows it, `person` the account that is signed on, `refusedAt` when it was
 * last decided and not cleared: a consent from before is over, and what was seen counts for an hour.
 */
export function decideOffline(
  arrival: ExpectedArrival | null,
  bundle: ExpectedBundle,
  items: readonly Item[],
  at: Date,
  person: string,
  refusedAt: Date | null = null,
): OfflineDecided {
  return concluded(offlineReasons(arrival, bundle, items, at, person, refusedAt))
}

/** A refusal names only what contradicts; reasons stand as `code:about`, sorted. */
export function concluded(reasons: readonly OfflineReason[]): OfflineDecided {
  const against = reasons.filter((reason) => reason.contradicts)
  if (against.length > 0) return { decision: 'refused', reasons: against.map(textOf) }
  return { decision: reasons.length > 0 ? 'not_proven' : 'cleared', reasons: reasons.map(textOf) }
}

/** Everything that keeps a load from being cleared, sorted; none clears. */
export function offlineReasons(
  arrival: ExpectedArrival | null,
  bundle: ExpectedBundle,
  items: readonly Item[],
  at: Date,
  person: string,
  refusedAt: Date | null = null,
): readonly OfflineReason[] {
  const found = [...ofBundle(bundle, at)]
  if (!arrival) found.push(open('not-expected'))
  else {
    const lasting = items.filter((item) => refusedAt === null || !isOutdated(item, at))
    found.push(...ofEvidence(arrival, bundle, new Evidence(withPresence(lasting)), at, person), ...ofConsent(bundle, items, refusedAt))
  }
  return found.sort((a, b) => byCodePoint(a.code, b.code) || byCodePoint(a.about, b.about) || +a.contradicts - +b.contradicts)
}

function* ofEvidence(arrival: ExpectedArrival, bundle: ExpectedBundle, evidence: Evidence, at: Date, person: string): Reasons {
  yield* ofArrival(arrival, bundle, at)
  yield* compareWaybill(arrival, evidence)
  for (const kind of CARDS) yield* compareCard(arrival, bundle, kind, evidence, at)
  for (const unit of UNITS) yield* comparePlate(arrival, unit, evidence.plate(unit))
  for (const role of CREW) yield* comparePresence(arrival, role, evidence.presence(role))
  yield* ofSupervisor(bundle, evidence.presence('supervisor'), at, person)
  yield* ofAnswers(arrival, evidence)
}

function* ofBundle(bundle: ExpectedBundle, at: Date): Reasons {
  if (at < new Date(bundle.made_at)) yield open('clock-before-bundle')
  if (isOver(bundle.good_until, at)) yield open('bundle-stale')
  if (isOver(bundle.trust.good_until, at)) yield open('trust-stale')
}

function* ofArrival(arrival: ExpectedArrival, bundle: ExpectedBundle, at: Date): Reasons {
  const revoked = bundle.revocations?.some((each) => each.jti === arrival.waybill_id) ?? false
  if (revoked || arrival.status === 'cancelled') yield against('waybill-cancelled')
  else if (arrival.status !== 'issued') yield against('waybill-used')
  if (at < new Date(arrival.valid_from) || isOver(arrival.valid_until, at)) yield open('waybill-not-in-force')
  if (!arrival.preclearance.would_clear) yield open('not-precleared')
  if (isOver(arrival.preclearance.good_until, at)) yield open('preclearance-stale')
}

function* compareWaybill(arrival: ExpectedArrival, evidence: Evidence): Reasons {
  const scans = evidence.scans('waybill')
  if (scans.length === 0) yield open('scan-missing', 'waybill')
  for (const scan of scans) {
    if (scan.problem) yield open('scan-refused', 'waybill')
    else if (scan.presentation !== 'signed_qr') yield open('scan-unsigned', 'waybill')
    else if (scan.subject !== arrival.waybill_id) yield against('scan-differs', 'waybill')
    else if (scan.revision === null || scan.revision > arrival.revision) yield open('waybill-newer')
    else if (scan.revision < arrival.revision) yield against('waybill-superseded')
  }
}

function* compareCard(arrival: ExpectedArrival, bundle: ExpectedBundle, kind: CardKind, evidence: Evidence, at: Date): Reasons {
  const expected = arrival.expected[kind] ?? null
  const scans = evidence.scans(kind)
  if (!expected) {
    if (scans.length > 0) yield against('scan-unexpected', kind)
    return
  }
  if (scans.length === 0) yield open('scan-missing', kind)
  for (const scan of scans) yield* compareScan(expected, scan)
  if (bundle.revocations?.some((each) => each.subject === expected.subject)) yield against('revoked', kind)
  if (expected.valid_until && isOver(expected.valid_until, at)) yield open('expired', kind)
}

function* compareScan(expected: ExpectedCard, scan: ScanItem): Reasons {
  if (scan.problem) yield open('scan-refused', scan.kind)
  else if (scan.subject !== expected.subject) yield against('scan-differs', scan.kind)
  else if (scan.presentation !== 'signed_qr') yield open('scan-unsigned', scan.kind)
  else if (scan.card_version === null || scan.card_version > expected.card_version) yield open('card-newer', scan.kind)
  else if (scan.card_version < expected.card_version) yield against('card-superseded', scan.kind)
}

function* comparePlate(arrival: ExpectedArrival, unit: PlateItem['unit'], seen: PlateItem | undefined): Reasons {
  const expected = arrival.plates[unit] ?? null
  if (!expected) {
    if (seen) yield against('plate-unexpected', unit)
  } else if (!seen) yield open('plate-missing', unit)
  else if (seen.plate !== expected.plate || seen.plate_colour !== expected.colour) yield against('plate-differs', unit)
}

function* comparePresence(arrival: ExpectedArrival, role: 'driver' | 'escort', item: PresenceItem | undefined): Reasons {
  const expected = arrival.expected[role] ?? null
  if (!expected) return
  if (!item) yield open('presence-missing', role)
  else if (!item.present) yield against('absent', role)
  else if (item.reference !== '' && item.reference !== expected.subject) yield against('other-person', role)
}

function* ofSupervisor(bundle: ExpectedBundle, item: PresenceItem | undefined, at: Date, person: string): Reasons {
  if (!item) {
    yield open('presence-missing', 'supervisor')
    return
  }
  if (!item.present) {
    yield against('absent', 'supervisor')
    return
  }
  const known = bundle.supervisors?.find((each) =>
    item.reference ? each.subject === item.reference : person !== '' && each.user_id === person,
  )
  if (!known) yield open('supervisor-unknown')
  else if (known.valid_until && isOver(known.valid_until, at)) yield open('expired', 'supervisor')
}

/** The supervisor's yes where a plant asks for it, given last; a no is heeded everywhere. */
function* ofConsent(bundle: ExpectedBundle, items: readonly Item[], refusedAt: Date | null): Reasons {
  const given = items.findLast((item): item is ConsentItem => item.type === 'consent')
  if (given?.given === 'no') yield against('consent-refused')
  else if (bundle.supervisor_consents === false) return
  else if (!given) yield open('consent-missing')
  else if (given !== items.at(-1) || (refusedAt && new Date(given.at) <= refusedAt)) yield open('consent-outdated')
}

function* ofAnswers(arrival: ExpectedArrival, evidence: Evidence): Reasons {
  for (const asked of arrival.asked) {
    const given = evidence.answer(asked.id)
    if (!given) yield open('answer-missing', asked.id)
    else if (given.answer === 'no') yield against('answer-no', asked.id)
    else if (!(asked.answers ?? ['yes', 'no']).includes(given.answer)) yield open('answer-not-allowed', asked.id)
    else if (asked.photo && !evidence.hasPhoto(asked.id)) yield open('photo-missing', asked.id)
  }
}

/**
 * A card that holds and a consent show the supervisor present, as they do on the server. A consent of
 * an account that is no supervisor's names nobody whom the bundle knows.
 */
function withPresence(items: readonly Item[]): Item[] {
  return items.flatMap((item): Item[] => {
    const here = (reference: string): PresenceItem => ({ type: 'presence', role: 'supervisor', reference, present: true, at: item.at })
    if (item.type === 'consent') return [item, here(item.reference || item.by)]
    const shows = item.type === 'scan' && item.kind === 'supervisor' && item.presentation === 'signed_qr' && !item.problem
    return shows ? [item, here(item.subject)] : [item]
  })
}

/** Seen too long ago; a code, a no and an absence do not grow old. */
function isOutdated(item: Item, at: Date): boolean {
  const seen = item.type === 'plate' || (item.type === 'presence' && item.present) || (item.type === 'answer' && item.answer === 'yes')
  return seen && at.getTime() - Date.parse(item.at) > SEEN_LIFETIME_MS
}

function isOver(until: string, at: Date): boolean {
  return at >= new Date(until)
}

function open(code: string, about = ''): OfflineReason {
  return { code, about, contradicts: false }
}

function against(code: string, about = ''): OfflineReason {
  return { code, about, contradicts: true }
}

function textOf({ code, about }: OfflineReason): string {
  return about ? `${code}:${about}` : code
}
