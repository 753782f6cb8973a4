/**
 * One thing that somebody did. It is written down before anybody is told that it is done, and is
 * unsent until the server's answer to it is written down too.
 */

import type { Item } from '../core/evidence'
import type { Json } from '../core/json'
import type { Words } from './model'

export type ActKind =
  | 'open' | 'scan' | 'plate' | 'presence' | 'answer' | 'photo' | 'tag' | 'control' | 'override' | 'consent'
  | 'decision' | 'release' | 'abort' | 'arrival' | 'part' | 'set_aside' | 'record' | 'record_photo' | 'end_session'

export interface Act {
  /** Also its Idempotency-Key: fixed at birth, so that the server does it once however often asked. */
  readonly id: string
  readonly kind: ActKind
  /** Key of the check here; `null` for what belongs to none. */
  readonly check: string | null
  /** `{check}` stands for the server's id of the check, which may not be known yet. */
  readonly path: string
  /** The body as it was first written, `null` where there is none. */
  readonly json: string | null
  /** The picture that goes with it, by its SHA-256. */
  readonly photo: string | null
  /** As evidence for the decision here. */
  readonly item: Item | null
  /** By what was known here it forbids the load. */
  readonly against?: boolean
  /** As evidence in a record: the body with `id`; the record says when. */
  readonly evidence: { readonly [name: string]: Json } | null
  /** By the server's clock, as far as it was known then. */
  readonly at: number
  readonly person: string | null
  /** The bay session in whose name it is done; `null` where the device speaks for itself. */
  readonly session: string | null
  readonly state: 'unsent' | 'sent' | /** it went with a record */ 'recorded' | /** told, and not done */ 'dropped'
  readonly tries: number
  readonly problem: Words | null
}

/** What acts are called where those that wait are shown. */
export const ACT_WORDS: Readonly<Record<ActKind, Words>> = {
  open: { zh: '开始查验', en: 'Opening of a check' },
  scan: { zh: '扫码', en: 'Scan' },
  plate: { zh: '车牌', en: 'Plate' },
  presence: { zh: '人员在场', en: 'Presence' },
  answer: { zh: '回答', en: 'Answer' },
  photo: { zh: '照片', en: 'Photo' },
  tag: { zh: '到位标签', en: 'Presence tag' },
  control: { zh: '抽查问题', en: 'Control question' },
  override: { zh: '放行本厂项目', en: 'Item let pass' },
  consent: { zh: '装卸管理人员同意', en: "Supervisor's consent" },
  decision: { zh: '判定', en: 'Decision' },
  release: { zh: '装货记录', en: 'Loading record' },
  abort: { zh: '中止', en: 'Abort' },
  arrival: { zh: '到达车位', en: 'Arrival at a bay' },
  part: { zh: '分段装货记录', en: 'Loading record of one bay' },
  set_aside: { zh: '结束重复的查验', en: 'End of a check begun twice' },
  record: { zh: '离线查验记录', en: 'Record of an offline check' },
  record_photo: { zh: '照片', en: 'Photo' },
  end_session: { zh: '退出登录', en: 'Signing off' },
}

/** Acts that a record carries in their stead. */
export const GATHERED: readonly ActKind[] = ['open', 'scan', 'plate', 'presence', 'consent', 'answer', 'photo', 'tag', 'control', 'decision']

/** What was seen with eyes: it counts for an hour once a check was refused, from the moment at which it was seen. */
export const SEEN: readonly ActKind[] = ['plate', 'presence', 'answer']

/** What was seen or shown, and says when. */
export const SHOWN: readonly ActKind[] = [...SEEN, 'scan']

/** What became of the load; it is sent by whoever did it, and without a check at the server told in a record. */
export const LOADED: readonly ActKind[] = ['arrival', 'part', 'release', 'abort', 'override']

/** Acts that show that somebody looked: a check never waits for them, and none is held up by them. */
export const LOOKS: readonly ActKind[] = ['tag', 'control']

/** Sent after everything else, so that a picture never holds an act up. */
export const PICTURES: readonly ActKind[] = ['photo', 'record_photo']

export function isUnsent(act: Act): boolean {
  return act.state === 'unsent'
}
