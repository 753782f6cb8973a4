/** A check as it is before anything is known of it. */

import type { Case } from './case'
import type { Context } from './context'
import type { WireArrival } from './wire'

export interface Start {
  readonly bay: string
  readonly text: string
  readonly typed: boolean
  readonly arrival: WireArrival | null
  readonly waybillId: string | null
  readonly revision: number | null
}

export function newCase(context: Context, { bay, text, typed, arrival, waybillId, revision }: Start): Case {
  return {
    key: crypto.randomUUID(),
    openedAt: context.moment(),
    bay,
    text,
    typed,
    waybillId,
    revision: revision ?? arrival?.revision ?? null,
    serverId: null,
    arrival,
    server: null,
    phase: 'before_loading',
    last: null,
    verdict: null,
    verdicts: { tablet: null, server: null },
    kept: [],
    records: [],
    releaseCode: null,
    contradiction: null,
    caseAddress: null,
    answers: {},
    controls: {},
    tags: [],
    shown: [],
    pictures: [],
  }
}
