/** What the newest record of a tablet tells. */

import { fromBase64Url } from '../../src/core/bytes'
import type { Engine } from '../../src/state/engine'

export interface Told {
  readonly made_at: string
  readonly opened_at: string
  readonly decided_at: string | null
  readonly clock_offset_ms: number | null
  readonly looks: string | null
  readonly evidence: readonly { readonly type: string; readonly at: string; readonly [name: string]: unknown }[]
}

export function toldBy(engine: Engine): Told {
  const act = engine.context.journal.acts.value.findLast(({ kind }) => kind === 'record')
  const { record } = JSON.parse(act?.json ?? '{}') as { record: string }
  return JSON.parse(new TextDecoder().decode(fromBase64Url(record.split('.')[1] ?? ''))) as Told
}
