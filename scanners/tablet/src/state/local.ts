/** How a check stands by what this tablet can tell itself. */

import type { Item } from '../core/evidence'
import { type OfflineReason, concluded, type OfflineDecided, offlineReasons } from '../core/offline'
import { isUnsent } from './acts'
import type { Case } from './case'
import type { Written } from './journal'
import type { Asked, Reason, Standing, Step, StepKind } from './model'
import { groupOfRule, isConsent, isMissing, reasonOfOffline, SERVER_SAID_NO, stepOfOffline } from './reasons'
import type { WireArrival, WireBundle } from './wire'

/** Steps in their order, and which trips have them. */
const ALWAYS: readonly StepKind[] = ['waybill', 'vehicle', 'driver', 'supervisor', 'plate', 'signs', 'closing_list', 'papers']
const ORDER: readonly StepKind[] = [
  'waybill', 'vehicle', 'trailer', 'tank', 'driver', 'escort', 'supervisor', 'plate', 'trailer_plate', 'goods',
  'signs', 'closing_list', 'papers', 'plant_items',
]

export interface Known {
  readonly bundle: WireBundle | null
  /** By the server's clock, as far as it is known. */
  readonly at: Date
  readonly person: string
  /** The clock was set back, so that `at` may be long ago. */
  readonly clockIsBack: boolean
}

export function itemsOf(acts: readonly Written[]): readonly Item[] {
  return acts.flatMap((act) => (act.item && act.state !== 'dropped' ? [act.item] : []))
}

export function reasonsHere(held: Case, acts: readonly Written[], known: Known): readonly OfflineReason[] {
  const reasons = [...reasonsAt(held, acts, known)]
  if (known.clockIsBack && !reasons.some(({ code }) => code === CLOCK_BACK.code)) reasons.push(CLOCK_BACK)
  if (held.phase === 'before_loading' && known.at.getTime() - held.openedAt > CHECK_LIFETIME_MS) reasons.push(TOO_LONG)
  return reasons
}

/** Of what is kept nobody can tell here whether it still holds. */
const CLOCK_BACK: OfflineReason = { code: 'clock-before-bundle', about: '', contradicts: false }
/** What was seen in another shift is seen again; the server's figure. */
const CHECK_LIFETIME_MS = 8 * 3_600_000
const TOO_LONG: OfflineReason = { code: 'check-too-long', about: '', contradicts: false }

function reasonsAt(held: Case, acts: readonly Written[], { bundle, at, person }: Known): readonly OfflineReason[] {
  // Without anything kept nothing is expected, and nothing can be proven.
  if (!bundle) return [{ code: 'bundle-stale', about: '', contradicts: false }]
  const found = (given: readonly Written[]): readonly OfflineReason[] =>
    offlineReasons(newestArrival(held, bundle), bundle, itemsOf(given), at, person, refusedAt(held))
  const doubted = doubtedSteps(held)
  if (doubted.length === 0) return found(acts)
  // What is plain to see here too can be put right here; else the server knows more than this tablet.
  const explained = found(acts.filter((act) => !isUnsent(act))).map((reason) => stepOfOffline(reason, groupIn(held, bundle)))
  const unexplained = doubted.filter((kind) => !explained.includes(kind))
  return [...found(acts), ...unexplained.map((kind) => ({ code: SERVER_SAID_NO, about: kind, contradicts: false }))]
}

/** What the server had found against a check, or could not prove, when it was last heard. */
function doubtedSteps({ server, phase }: Case): readonly StepKind[] {
  if (!server || phase !== 'before_loading') return []
  return server.steps.filter(({ needed, state }) => needed && (state === 'failed' || state === 'unknown')).map(({ kind }) => kind)
}

/** The step of a question, by the rule that asks it. */
function groupIn({ server }: Case, bundle: WireBundle): (id: string) => StepKind {
  const known = [...(server?.questions ?? []), ...(bundle.questions ?? [])]
  return (id) => groupOfRule(known.find((asked) => asked.id === id)?.rule ?? '')
}

/** What is expected by what is kept now: it may have been corrected, cancelled or refused since the check began. */
function newestArrival({ waybillId, arrival }: Case, bundle: WireBundle): WireArrival | null {
  const id = arrival?.waybill_id ?? waybillId
  return bundle.arrivals.find((each) => each.waybill_id === id) ?? null
}

/** The check with what is asked by what is kept now; what to look at was settled when it began. */
export function withNewest(held: Case, bundle: WireBundle | null): Case {
  const newest = bundle && newestArrival(held, bundle)
  if (!newest) return held
  const looks = held.arrival ? held.arrival.looks : newest.looks
  const { looks: _, ...arrival } = newest
  return { ...held, arrival: looks ? { ...arrival, looks } : arrival }
}

/** When either side last said no, at whatever tablet: a consent from before is over, and what was seen grows old. */
function refusedAt({ verdicts, server }: Case): Date | null {
  const said = [verdicts.tablet, verdicts.server].filter((verdict) => verdict?.word === 'refused' || verdict?.word === 'not_proven')
  const { status, decided_at } = server?.summary ?? {}
  const elsewhere = status === 'refused' && decided_at ? [Date.parse(decided_at)] : []
  const moments = [...said.map((verdict) => verdict?.at ?? 0), ...elsewhere]
  return moments.length === 0 ? null : new Date(Math.max(...moments))
}

export function decideHere(held: Case, acts: readonly Written[], known: Known): OfflineDecided & { readonly spoken: readonly Reason[] } {
  const reasons = reasonsHere(held, acts, known)
  const decided = concluded(reasons)
  const spoken = reasons.filter((reason) => decided.decision !== 'refused' || reason.contradicts)
  return { ...decided, spoken: spoken.map(reasonOfOffline) }
}

export function stepsHere(held: Case, reasons: readonly OfflineReason[], questions: readonly Asked[]): readonly Step[] {
  const groups = new Map(questions.map((asked) => [asked.id, asked.group]))
  const groupOf = (id: string): StepKind => {
    const group = groups.get(id) ?? 'plant_items'
    return group === 'after_loading' ? 'plant_items' : group
  }
  const needed = neededBy(held, questions)
  return ORDER.map((kind) => {
    const own = reasons.filter((reason) => stepOfOffline(reason, groupOf) === kind)
    return {
      kind,
      needed: needed.has(kind),
      // What no trip like this has, and nobody has shown, is no step that was met.
      standing: needed.has(kind) || own.length > 0 ? standingOf(own) : 'missing',
      reasons: own.filter((reason) => !isMissing(reason) || isConsent(reason)).map(reasonOfOffline),
      kept: held.kept.includes(kind),
    }
  })
}

function neededBy(held: Case, questions: readonly Asked[]): ReadonlySet<StepKind> {
  const { arrival, server } = held
  const needed = new Set<StepKind>([...ALWAYS, 'goods'])
  if (arrival?.plates.trailer ?? server?.waybill.trailer_plate) needed.add('trailer').add('trailer_plate')
  if (arrival?.expected.tank ?? server?.waybill.tank_number) needed.add('tank')
  if (!arrival || arrival.expected.escort) needed.add('escort')
  if (questions.some((asked) => asked.group === 'plant_items')) needed.add('plant_items')
  return needed
}

/** A failure before what waits for somebody, and that before what is merely not proven. */
function standingOf(reasons: readonly OfflineReason[]): Standing {
  if (reasons.some((reason) => reason.contradicts || reason.code === SERVER_SAID_NO)) return 'failed'
  if (reasons.some(isMissing)) return 'missing'
  return reasons.length > 0 ? 'unknown' : 'passed'
}
