/** What was shown and answered at the bay, as it stands in records; times are ISO 8601. */

import type { CardKind } from './claims'

export type SubjectKind = 'waybill' | CardKind
export type Presentation = 'signed_qr' | 'plain_code' | 'typed'

export interface ScanItem {
  readonly type: 'scan'
  readonly kind: SubjectKind
  readonly presentation: Presentation
  readonly subject: string
  readonly at: string
  /** Empty for a code that held, else why it did not. */
  readonly problem: string
  readonly revision: number | null
  readonly card_version: number | null
}

export interface PlateItem {
  readonly type: 'plate'
  readonly unit: 'tractor' | 'trailer'
  readonly plate: string
  readonly plate_colour: string
  readonly how: 'typed' | 'photo'
  readonly at: string
}

export interface PresenceItem {
  readonly type: 'presence'
  readonly role: 'driver' | 'escort' | 'supervisor'
  readonly reference: string
  readonly present: boolean
  readonly at: string
}

/** Whether the supervisor agrees, by own badge and PIN; `by` is the account. */
export interface ConsentItem {
  readonly type: 'consent'
  readonly by: string
  readonly reference: string
  readonly given: 'yes' | 'no'
  readonly at: string
}

export interface AnswerItem {
  readonly type: 'answer'
  readonly question: string
  readonly answer: string
  readonly at: string
}

export interface PhotoItem {
  readonly type: 'photo'
  readonly shows: string
  readonly sha256: string
  readonly at: string
}

export type Item = ScanItem | PlateItem | PresenceItem | ConsentItem | AnswerItem | PhotoItem

/** All items of one check, oldest first; of two that say the same thing the later one holds. */
export class Evidence {
  constructor(readonly items: readonly Item[]) {}

  /**
   * The scans of a kind that must all be answered for: the newest, and the newest signed one before
   * it, since a number that anybody can type does not undo what a signed code said.
   */
  scans(kind: SubjectKind): readonly ScanItem[] {
    const found = this.items.filter((item): item is ScanItem => item.type === 'scan' && item.kind === kind)
    const newest = found.at(-1)
    const signed = found.findLast((item) => item.presentation === 'signed_qr')
    if (!newest) return []
    return signed && signed !== newest ? [signed, newest] : [newest]
  }

  plate(unit: PlateItem['unit']): PlateItem | undefined {
    return this.items.findLast((item): item is PlateItem => item.type === 'plate' && item.unit === unit)
  }

  presence(role: PresenceItem['role']): PresenceItem | undefined {
    return this.items.findLast((item): item is PresenceItem => item.type === 'presence' && item.role === role)
  }

  answer(question: string): AnswerItem | undefined {
    return this.items.findLast((item): item is AnswerItem => item.type === 'answer' && item.question === question)
  }

  hasPhoto(shows: string): boolean {
    return this.items.some((item) => item.type === 'photo' && item.shows === shows)
  }
}
