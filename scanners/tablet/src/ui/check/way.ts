/** Which view serves a step, and what comes next: how a check finds its way through its steps. */

import type { Asked, Check, ScanKind, Standing, StepKind } from '../../state/model'
import type { Work } from '../hands'

/** Kinds that a card's code answers. */
const CARDS: readonly StepKind[] = ['waybill', 'vehicle', 'trailer', 'tank']
const GROUPS: readonly StepKind[] = ['signs', 'closing_list', 'papers', 'plant_items']
const PEOPLE: readonly StepKind[] = ['driver', 'escort', 'supervisor']

export function workFor(kind: StepKind): Work {
  if (kind === 'plate') return { view: 'plate', unit: 'tractor' }
  if (kind === 'trailer_plate') return { view: 'plate', unit: 'trailer' }
  if (kind === 'goods') return { view: 'goods' }
  if (GROUPS.includes(kind)) return { view: 'questions', group: kind as Asked['group'] }
  if (PEOPLE.includes(kind)) return { view: 'people' }
  return { view: 'scan', expected: kind as ScanKind }
}

export const standingOf = (check: Check, kind: StepKind): Standing =>
  check.steps.find((step) => step.kind === kind)?.standing ?? 'missing'

/** Needed steps that nobody has answered yet. */
export const waiting = (check: Check): readonly StepKind[] =>
  check.missing.filter((kind) => standingOf(check, kind) === 'missing')

/** Whether all has been shown, so that only the decision is left, whatever it will be. */
export const readyToDecide = (check: Check): boolean => check.wouldClear || waiting(check).length === 0

const same = (one: Work, other: Work): boolean =>
  one.view === other.view
  && ('unit' in one && 'unit' in other ? one.unit === other.unit : true)
  && ('group' in one && 'group' in other ? one.group === other.group : true)

/** The next step that wants another view than the present one; cards are scanned in any order. */
export function nextStep(check: Check, now: Work): StepKind | null {
  const here = now.view === 'number' ? { view: 'scan', expected: null } as const : now
  return waiting(check).find((kind) => !same(workFor(kind), here)) ?? null
}

/** Kinds whose numbers can be typed: the cards that are needed, and papers. */
export function typedKinds(check: Check): readonly ScanKind[] {
  const cards = check.steps
    .filter(({ kind, needed }) => needed && (CARDS.includes(kind) || PEOPLE.includes(kind)))
    .map(({ kind }) => kind as ScanKind)
  return [...cards, 'document']
}

/** Where a check is picked up again. */
export function beginning(check: Check): Work {
  if (check.phase === 'over') return { view: 'verdict' }
  if (check.phase === 'after_loading') return { view: 'loading' }
  return { view: 'scan', expected: null }
}

/** How a set of things to answer stands. */
export function together(answered: readonly (boolean | null)[]): Standing {
  if (answered.some((answer) => answer === null)) return 'missing'
  return answered.every(Boolean) ? 'passed' : 'failed'
}
