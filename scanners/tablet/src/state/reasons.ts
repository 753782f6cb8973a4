/** Reasons in words: the server's findings as they came, and what the tablet found out itself. */

import type { OfflineReason } from '../core/offline'
import type { Reason, StepKind, Words } from './model'
import type { WireFinding } from './wire'

export function reasonOf({ code, severity, outcome, zh, en }: WireFinding): Reason {
  return {
    code,
    severity,
    outcome,
    title: { zh: zh.title, en: en.title },
    seen: { zh: zh.seen, en: en.seen },
    needed: { zh: zh.needed, en: en.needed },
    cure: { zh: zh.cure, en: en.cure },
    basis: { zh: zh.basis, en: en.basis },
  }
}

/** Those that stand against the load, or inform of something. */
export function standing(findings: readonly WireFinding[]): readonly Reason[] {
  return findings.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown').map(reasonOf)
}

type Three = readonly [title: Words, seen: Words, cure: Words]

const w = (zh: string, en: string): Words => ({ zh, en })
const NET = w('恢复网络后重新查验。', 'Check again with a network.')
const CONSENT = w(
  '请装卸管理人员刷工牌并输入 PIN；今天没有在本机登录过的，须联网。',
  'The supervisor shows the badge and presses the PIN; who has not signed on here today needs a network.',
)
const OFFICE = w('请联系调度或装卸管理人员，不得装车。', 'Call the office or the supervisor; do not load.')

/** What the server has found and nothing here explains. */
export const SERVER_SAID_NO = 'server-said-no'

const TEXTS: Readonly<Record<string, Three>> = {
  'clock-before-bundle': [w('平板时间不对', 'The clock is wrong'), w('平板时间早于所存数据的时间。', 'The tablet is behind what it keeps.'), w('请校准平板时间或联网。', "Set the tablet's clock, or connect it.")],
  'check-too-long': [w('查验超过 8 小时', 'The check took more than 8 hours'), w('之前所见不再有效。', 'What was seen then no longer counts.'), w('请中止该次查验，重新扫描运单。', 'Abort this check and scan the waybill anew.')],
  'bundle-stale': [w('所存数据过旧', 'What is kept is too old'), w('预约数据已过使用期限。', 'The arrivals kept may not be used any more.'), NET],
  'trust-stale': [w('公钥与吊销表过旧', 'Keys and revocations are too old'), w('无法核实签名。', 'Signatures cannot be relied on.'), NET],
  'not-expected': [w('不在预约中', 'Not expected'), w('平板上没有该运单。', 'This tablet does not know the waybill.'), NET],
  'waybill-cancelled': [w('运单已作废', 'Waybill cancelled'), w('该运单已作废。', 'This waybill was cancelled.'), OFFICE],
  'waybill-used': [w('运单已使用', 'Waybill already used'), w('该运单已装货或已结束。', 'This waybill was loaded already, or is over.'), OFFICE],
  'waybill-not-in-force': [w('运单不在有效期内', 'Waybill not in force'), w('按平板时间，运单尚未生效或已过期。', "By the tablet's clock it is not valid yet, or no more."), NET],
  'waybill-newer': [w('运单已更正', 'Waybill corrected'), w('出示的版本比平板所存的新。', 'The revision shown is newer than the one kept here.'), NET],
  'waybill-superseded': [w('运单版本已被替换', 'Waybill superseded'), w('出示的是旧版本。', 'An old revision was shown.'), w('请驾驶人出示最新运单码。', "Ask for the waybill's newest code.")],
  'not-precleared': [w('预审未通过', 'Not pre-cleared'), w('服务器预审时有不符项。', 'Something stood against it when the server judged ahead.'), NET],
  'preclearance-stale': [w('预审结果已过期', 'Pre-clearance too old'), w('预审结果已过使用期限。', 'The verdict given ahead may not be used any more.'), NET],
  'scan-missing': [w('尚未扫码', 'Not scanned'), w('还没有出示。', 'Not shown yet.'), w('请扫描。', 'Scan it.')],
  'scan-refused': [w('码无效', 'Code not valid'), w('该码的签名、有效期或内容不能通过核实。', 'Its signature, dates or content do not hold.'), w('请出示有效的码，或联网后核实。', 'Ask for a valid code, or verify it with a network.')],
  'scan-unsigned': [w('没有签名', 'Not signed'), w('号码没有签名，无法核实。', 'A plain number proves nothing.'), w('请扫描签名码，或联网后核实。', 'Scan the signed code, or verify it with a network.')],
  'scan-differs': [w('与运单不符', 'Other than the waybill says'), w('出示的与运单记载的不同。', 'What was shown is not what the waybill names.'), w('请核对车辆和人员，不符的不得装车。', 'Compare vehicle and people; do not load another.')],
  'scan-unexpected': [w('运单没有此项', 'Not on the waybill'), w('运单上没有，却出示了。', 'It was shown, and the waybill has none.'), OFFICE],
  'card-newer': [w('卡片已更新', 'Card renewed'), w('卡片版本比平板所存的新。', 'The card is newer than what is kept here.'), NET],
  'card-superseded': [w('卡片已作废', 'Card replaced'), w('该卡已被新卡取代。', 'This card was replaced by a new one.'), w('请出示新卡。', 'Ask for the new card.')],
  revoked: [w('已吊销', 'Revoked'), w('该资格或卡片已被吊销。', 'This credential was revoked.'), OFFICE],
  expired: [w('证件已到期', 'Certificate expired'), w('按平板时间，证件已到期。', "By the tablet's clock the certificate is over."), NET],
  'plate-missing': [w('车牌尚未核对', 'Plate not seen'), w('还没有录入实车车牌。', 'Nobody has entered the plate on the vehicle.'), w('请查看实车并录入车牌。', 'Look at the vehicle and enter its plate.')],
  'plate-unexpected': [w('运单没有挂车', 'No trailer on the waybill'), w('录入了挂车车牌，运单上没有挂车。', 'A trailer plate was entered, and the waybill has none.'), OFFICE],
  'plate-differs': [w('车牌不符', 'Another plate'), w('实车车牌或颜色与运单不同。', 'Plate or colour differ from the waybill.'), w('请核对实车；不符的不得装车。', 'Look again; do not load another vehicle.')],
  'presence-missing': [w('在场未确认', 'Presence not confirmed'), w('还没有确认本人在场。', 'Nobody has said whether this person is here.'), w('请当面确认。', 'See the person and confirm.')],
  absent: [w('人员不在场', 'Not here'), w('已记录为不在场。', 'Recorded as not here.'), w('等本人到场后再装车。', 'Wait until the person is here.')],
  'other-person': [w('不是运单上的人员', 'Another person'), w('在场的不是运单记载的人员。', 'Whoever is here is not whom the waybill names.'), OFFICE],
  'supervisor-unknown': [w('管理人员未登记', 'Supervisor not known'), w('平板上没有该装卸管理人员。', 'This tablet does not know the supervisor.'), w('请已登记的装卸管理人员确认。', 'A registered supervisor has to confirm.')],
  'consent-missing': [w('需装卸管理人员同意', "The supervisor's consent is asked"), w('未能核实：装卸管理人员尚未同意装货。', 'Not proven: the loading supervisor has not agreed.'), CONSENT],
  'consent-outdated': [w('需装卸管理人员再次同意', "The supervisor's consent is asked again"), w('同意之后又有变化。', 'Something changed since the supervisor agreed.'), CONSENT],
  'consent-refused': [w('装卸管理人员不同意', 'The supervisor does not agree'), w('装卸管理人员不同意装货。', 'The loading supervisor does not agree that it is loaded.'), OFFICE],
  'answer-missing': [w('尚未回答', 'Not answered'), w('还有问题没有回答。', 'A question is still open.'), w('请逐项查看并回答。', 'Look, and answer.')],
  'answer-no': [w('查验项不合格', 'Not as it must be'), w('回答为“否”。', 'It was answered with no.'), w('整改后重新查看并回答。', 'Put it right, look again and answer.')],
  'said-no-since': [w('判定之后有不合格项', 'Something is wrong since'), w('服务器判定之后，又有人回答“否”、记录为不在场，或出示的与运单不符。', 'After the server had judged, something was answered with no, somebody was not here, or something else was shown than the waybill says.'), w('不得装车；整改后再查，或中止查验。', 'Do not load; put it right and check again, or abort.')],
  [SERVER_SAID_NO]: [w('服务器判定不符合', 'The server found something against it'), w('服务器上次判定此项不符合或未能核实，平板无法推翻。', 'The server had found this not met or not proven, and a tablet cannot overrule it.'), NET],
  'answer-not-allowed': [w('回答不适用', 'Answer not possible'), w('此项不能这样回答。', 'This item has no such answer.'), w('请重新回答。', 'Answer again.')],
  'photo-missing': [w('缺少照片', 'Photo missing'), w('此项需要照片。', 'A photo belongs to it.'), w('请拍照。', 'Take a photo.')],
}

const BASIS = w('离线查验：平板只判定能够证明的内容。', 'Without network the tablet decides only what it can prove.')
const MISSING: readonly string[] = ['scan-missing', 'plate-missing', 'presence-missing', 'consent-missing', 'consent-outdated', 'answer-missing', 'photo-missing']

export function isMissing({ code }: OfflineReason): boolean {
  return MISSING.includes(code)
}

/** What is missing is plain to see in its step, but that a plant asks for a consent has to be said. */
export function isConsent({ code }: OfflineReason): boolean {
  return code.startsWith('consent-')
}

export function reasonOfOffline(reason: OfflineReason): Reason {
  const [title, seen, cure] = TEXTS[reason.code] ?? [w('未能核实', 'Not proven'), w('未能核实。', 'It is not proven.'), NET]
  return {
    code: `offline.${reason.code}`,
    severity: 'STOP',
    outcome: reason.contradicts ? 'failed' : 'unknown',
    title,
    seen,
    needed: { zh: '', en: '' },
    cure,
    basis: BASIS,
  }
}

/** What the server says of a check that was cleared and is no more. */
function ended(code: string, title: Words, seen: Words, cure: Words): Reason {
  return { code, severity: 'STOP', outcome: 'failed', title, seen, needed: w('', ''), cure, basis: w('', '') }
}

export const ABORTED = ended(
  'check-aborted',
  w('查验已中止', 'Check aborted'),
  w('该次查验已在别处中止。', 'This check was aborted elsewhere.'),
  w('停止装货；如需装货，请重新查验。', 'Stop loading; to load, check anew.'),
)
export const FORGOTTEN = ended(
  'clearance-unknown',
  w('服务器没有这次准装', 'The server knows no such clearance'),
  w('服务器上该次查验尚未准装。', 'By the server this check is not cleared.'),
  w('停止装货，重新查验。', 'Stop loading and check again.'),
)
export const CANCELLED = ended(
  'waybill-cancelled',
  w('运单已作废', 'Waybill cancelled'),
  w('准装之后，承运人作废了运单。', 'Its carrier cancelled the waybill after it was cleared.'),
  w('停止装货，中止查验，并联系承运人。', 'Stop loading, abort the check, and call the carrier.'),
)

const STEP_OF: Readonly<Record<string, StepKind>> = {
  'plate-missing': 'plate',
  'plate-unexpected': 'trailer_plate',
  'plate-differs': 'plate',
  'supervisor-unknown': 'supervisor',
  'consent-missing': 'supervisor',
  'consent-outdated': 'supervisor',
  'consent-refused': 'supervisor',
}
const SUBJECTS: readonly string[] = ['waybill', 'vehicle', 'trailer', 'tank', 'driver', 'escort', 'supervisor']
const GROUPS: readonly string[] = ['answer-missing', 'answer-no', 'answer-not-allowed', 'photo-missing']

/** The step of the questions that a rule asks; those of no rule are the plant's. */
export function groupOfRule(rule: string): 'signs' | 'closing_list' | 'plant_items' | 'papers' {
  if (rule.startsWith('HAND-01')) return 'signs'
  if (rule.startsWith('HAND-02')) return 'closing_list'
  return rule === '' ? 'plant_items' : 'papers'
}

/** The step that a reason belongs to; what concerns the whole check is the waybill's. */
export function stepOfOffline({ code, about }: OfflineReason, groupOf: (question: string) => StepKind): StepKind {
  if (GROUPS.includes(code)) return groupOf(about)
  if (code === SERVER_SAID_NO) return about as StepKind
  if (about === 'trailer' && code.startsWith('plate-')) return 'trailer_plate'
  if (STEP_OF[code]) return STEP_OF[code]
  return SUBJECTS.includes(about) ? (about as StepKind) : 'waybill'
}
