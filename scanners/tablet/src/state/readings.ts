/** What was read, in words. */

import type { Item, Presentation, SubjectKind } from '../core/evidence'
import type { Words } from './model'

const KINDS: Readonly<Record<SubjectKind, Words>> = {
  waybill: { zh: '运单', en: 'waybill' },
  vehicle: { zh: '车辆', en: 'vehicle' },
  trailer: { zh: '挂车', en: 'trailer' },
  driver: { zh: '驾驶人', en: 'driver' },
  escort: { zh: '押运员', en: 'escort' },
  supervisor: { zh: '装卸管理人员', en: 'loading supervisor' },
  tank: { zh: '罐体', en: 'tank' },
  document: { zh: '证件', en: 'document' },
}
const HOW: Readonly<Record<Presentation, Words>> = {
  signed_qr: { zh: '签名码', en: 'signed code' },
  plain_code: { zh: '普通码，未签名', en: 'plain code, unsigned' },
  typed: { zh: '手工输入', en: 'typed by hand' },
}
const ANSWERS: Readonly<Record<string, Words>> = {
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
  not_applicable: { zh: '不适用', en: 'does not apply' },
}
const UNITS = { tractor: { zh: '车牌', en: 'plate' }, trailer: { zh: '挂车车牌', en: "trailer's plate" } } as const
const UNREAD: Words = { zh: '未读出可用内容', en: 'nothing that can be used' }

export function readWords(item: Item | null): Words {
  if (item === null) return UNREAD
  switch (item.type) {
    case 'scan': {
      const subject = item.subject && item.kind !== 'waybill' ? ` ${item.subject}` : ''
      const [kind, how] = [KINDS[item.kind], HOW[item.presentation]]
      return { zh: `${kind.zh}${subject}（${how.zh}）`, en: `${kind.en}${subject} (${how.en})` }
    }
    case 'plate':
      return { zh: `${UNITS[item.unit].zh} ${item.plate}`, en: `${UNITS[item.unit].en} ${item.plate}` }
    case 'presence': {
      const role = KINDS[item.role]
      return item.present ? { zh: `${role.zh}在场`, en: `${role.en} is here` } : { zh: `${role.zh}不在场`, en: `${role.en} is not here` }
    }
    case 'consent':
      return item.given === 'yes' ? { zh: '装卸管理人员同意', en: 'the supervisor agrees' } : { zh: '装卸管理人员不同意', en: 'the supervisor does not agree' }
    case 'answer':
      return ANSWERS[item.answer] ?? UNREAD
    case 'photo':
      return { zh: '照片', en: 'photo' }
  }
}

const PROBLEMS: Readonly<Record<string, Words>> = {
  empty: { zh: '没有读到内容。', en: 'Nothing was read.' },
  'unknown-format': {
    zh: '无法识别：不是本系统的码，也不是号牌、罐箱号或运单号。',
    en: 'Not recognised: neither a code of this system nor a plate, tank or waybill number.',
  },
  'not-evidence': { zh: '该码不能证明车辆、人员、罐体或运单。', en: 'This code says nothing of a vehicle, person, tank or waybill.' },
  'not-a-waybill': { zh: '这不是运单码：请先扫描运单。', en: "This is no waybill: scan the waybill's code first." },
  expired: { zh: '二维码已过有效期。', en: 'The code has expired.' },
  'not-yet-valid': { zh: '尚未到生效时间。', en: 'The code is not valid yet.' },
  'issued-in-future': { zh: '签发时间晚于平板时间。', en: "The code was issued later than this tablet's time." },
  'bad-signature': { zh: '签名不真实。', en: 'The signature is not genuine.' },
  'unknown-key': { zh: '平板上没有该签名的公钥。', en: 'This tablet does not know the key of the signature.' },
  'key-revoked': { zh: '签名密钥已吊销。', en: 'The key of the signature was revoked.' },
  truncated: { zh: '二维码内容不完整。', en: 'The code is not complete.' },
}

export function problemWords(problem: string): Words | null {
  if (!problem) return null
  return PROBLEMS[problem] ?? { zh: '该码无法使用。', en: 'This code cannot be used.' }
}
