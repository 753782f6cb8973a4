/** Records of training's checks without network, as its server reads them. */

import { fromBase64Url } from '../core/bytes'
import type { Item } from '../core/evidence'
import type { KeyTable } from '../core/keys'
import { present } from '../core/presenting'
import { SUPERVISOR, SUPERVISOR_REFERENCE } from './trips'

export interface Payload {
  readonly number: string
  readonly check_id: string | null
  readonly decision: string | null
  readonly waybill: { readonly id: string | null; readonly text: string; readonly typed: boolean }
  readonly evidence: readonly (Item & { readonly id: string; readonly text?: string; readonly typed?: boolean; readonly expected?: never })[]
}

export function readPayload(record: string): Payload {
  return JSON.parse(new TextDecoder().decode(fromBase64Url(record.split('.')[1] ?? ''))) as Payload
}

/** The evidence that did not come in before, each known by its id. */
export async function itemsOf(payload: Payload, keys: KeyTable, known: (id: string) => boolean): Promise<readonly Item[]> {
  const items: Item[] = []
  for (const told of payload.evidence) {
    if (known(told.id)) continue
    if (told.type === 'consent') items.push({ ...told, reference: told.by === SUPERVISOR.user_id ? SUPERVISOR_REFERENCE : '' })
    else if (told.type !== 'scan') items.push({ ...told })
    else {
      const { item } = await present(told.text ?? '', keys, new Date(told.at), told.typed === true, told.expected ?? null)
      if (item) items.push(item.kind === 'waybill' && payload.waybill.id ? { ...item, subject: payload.waybill.id } : item)
    }
  }
  return items
}

export function recordAnswer({ number, decision }: Payload, check: string | null, cleared: boolean): unknown {
  const differs = decision !== null && decision !== 'not_proven' && (decision === 'cleared') !== cleared
  return {
    number,
    state: differs ? 'contradicted' : 'accepted',
    check_id: check,
    case_id: differs ? '0192f000-0000-7000-8000-0000000000f1' : null,
    server_verdict: { cleared, standing: [] },
    message_zh: differs ? '服务器的判定与平板不同，请停止装货。' : '离线记录已入账。',
    message_en: differs ? 'The server judges otherwise than the tablet: stop loading.' : 'The record was taken.',
  }
}
