/** How the server of training judges: what a tablet alone can compare, and no rule of law. */

import type { Item } from '../core/evidence'
import { offlineReasons, type OfflineReason } from '../core/offline'
import type { Asked, Reason } from '../state/model'
import { stepsHere } from '../state/local'
import { reasonOfOffline } from '../state/reasons'
import type { Case } from '../state/case'
import type { WireArrival, WireBundle, WireFinding, WireStep, WireVerdict } from '../state/wire'
import { QUESTIONS } from './trips'

const GROUPS: readonly Asked[] = QUESTIONS.filter((each) => each.phase === 'before_loading').map((each) => ({
  id: each.id,
  group: each.rule.startsWith('HAND-01') ? 'signs' : each.rule.startsWith('HAND-02') ? 'closing_list' : each.rule ? 'papers' : 'plant_items',
  text: { zh: each.zh, en: each.en },
  source: { zh: '', en: '' },
  answers: ['yes', 'no'],
  answer: null,
  wantsPhoto: false,
  mayBeLetPass: each.rule === '',
}))

export interface Judged {
  readonly reasons: readonly OfflineReason[]
  readonly steps: readonly WireStep[]
  readonly clears: boolean
}

export function judge(arrival: WireArrival, bundle: WireBundle, items: readonly Item[], now: Date, person: string): Judged {
  const reasons = offlineReasons(arrival, bundle, items, now, person)
  const steps = stepsHere({ arrival, server: null, kept: [] } as unknown as Case, reasons, GROUPS)
  return {
    reasons,
    clears: reasons.length === 0,
    steps: steps.map((step) => ({ kind: step.kind, needed: step.needed, state: step.standing, findings: step.reasons.map(findingOf) })),
  }
}

export function verdictOf(judged: Judged, now: Date, phase = 'before_loading'): WireVerdict {
  const findings = judged.reasons.map((reason) => findingOf(reasonOfOffline(reason)))
  return { judged_at: now.toISOString(), phase, clears: judged.clears, findings }
}

export function findingOf({ code, severity, outcome, title, seen, needed, cure }: Reason): WireFinding {
  const words = (language: 'zh' | 'en') => ({
    title: title[language],
    seen: seen[language],
    needed: needed[language],
    cure: cure[language],
    basis: language === 'zh' ? '演练' : 'training',
  })
  return { code: code.replace('offline.', 'TRAINING.'), severity, outcome, zh: words('zh'), en: words('en') }
}
