import type { ScanKind, Standing, StepKind, VerdictWord, Words } from '../../state/model'
import type { Catalogue } from './catalogue'

export const common = {
  product: { zh: '装货查验', en: 'Loading check' },
  back: { zh: '返回', en: 'Back' },
  close: { zh: '关闭', en: 'Close' },
  done: { zh: '完成', en: 'Done' },
  confirm: { zh: '确定', en: 'Confirm' },
  cancel: { zh: '取消', en: 'Cancel' },
  yes: { zh: '是', en: 'Yes' },
  no: { zh: '否', en: 'No' },
  notApplicable: { zh: '不适用', en: 'Not applicable' },
  here: { zh: '在场', en: 'Here' },
  notHere: { zh: '不在场', en: 'Not here' },
  erase: { zh: '退格', en: 'Erase' },
  clear: { zh: '清空', en: 'Clear' },
  working: { zh: '请稍候……', en: 'One moment…' },
  kept: { zh: '已保存', en: 'kept' },
  none: { zh: '无', en: 'none' },
  never: { zh: '从未', en: 'never' },
  whatNow: { zh: '下一步', en: 'What to do' },
  failed: { zh: '没有做成。请再试一次；仍不行时联系装卸管理人员。', en: 'That did not work. Try again; if it still fails, call the supervisor.' },
  now: { zh: '刚刚', en: 'just now' },
  minutes: (count: number) => ({ zh: `${count} 分钟前`, en: `${count} min ago` }),
  hours: (count: number) => ({ zh: `${count} 小时前`, en: `${count} h ago` }),
  days: (count: number) => ({ zh: `${count} 天前`, en: count === 1 ? '1 day ago' : `${count} days ago` }),
  listed: (items: Words) => ({ zh: `还缺：${items.zh}`, en: `Still missing: ${items.en}` }),
} as const satisfies Catalogue

export const standings = {
  passed: { zh: '符合', en: 'Met' },
  failed: { zh: '不符合', en: 'Not met' },
  unknown: { zh: '未能核实', en: 'Not proven' },
  missing: { zh: '待查', en: 'To do' },
} as const satisfies Record<Standing, Words>

export const steps = {
  waybill: { zh: '运单', en: 'Waybill' },
  vehicle: { zh: '车辆', en: 'Vehicle' },
  trailer: { zh: '挂车', en: 'Trailer' },
  tank: { zh: '罐体', en: 'Tank' },
  driver: { zh: '驾驶人', en: 'Driver' },
  escort: { zh: '押运员', en: 'Escort' },
  supervisor: { zh: '装卸管理', en: 'Consent' },
  plate: { zh: '车头号牌', en: 'Plate' },
  trailer_plate: { zh: '挂车号牌', en: 'Trailer plate' },
  goods: { zh: '货物', en: 'Goods' },
  signs: { zh: '标志', en: 'Signs' },
  closing_list: { zh: '清单', en: 'List' },
  papers: { zh: '单证', en: 'Papers' },
  plant_items: { zh: '企业自查', en: 'Plant items' },
} as const satisfies Record<StepKind, Words>

/** Whose code or number is shown. */
export const cards = {
  waybill: { zh: '运单', en: 'Waybill' },
  vehicle: { zh: '车辆', en: 'Vehicle' },
  trailer: { zh: '挂车', en: 'Trailer' },
  tank: { zh: '罐体', en: 'Tank' },
  driver: { zh: '驾驶人', en: 'Driver' },
  escort: { zh: '押运员', en: 'Escort' },
  supervisor: { zh: '装卸管理人员', en: 'Supervisor' },
  document: { zh: '单证', en: 'Papers' },
} as const satisfies Record<ScanKind, Words>

/** What is to be done about a step, as an order. */
export const todos = {
  waybill: { zh: '扫描运单码', en: 'Scan the waybill' },
  vehicle: { zh: '扫描车辆卡', en: 'Scan the vehicle card' },
  trailer: { zh: '扫描挂车卡', en: 'Scan the trailer card' },
  tank: { zh: '扫描罐体卡', en: 'Scan the tank card' },
  driver: { zh: '驾驶人：扫卡并确认在场', en: 'Driver: card, and here?' },
  escort: { zh: '押运员：扫卡并确认在场', en: 'Escort: card, and here?' },
  supervisor: { zh: '装卸管理人员同意', en: "Supervisor's consent" },
  plate: { zh: '输入车头号牌', en: 'Enter the plate' },
  trailer_plate: { zh: '输入挂车号牌', en: 'Enter the trailer plate' },
  goods: { zh: '核对货物', en: 'Compare the goods' },
  signs: { zh: '核对标志牌', en: 'Compare the signs' },
  closing_list: { zh: '回答装货前清单', en: 'Answer the list' },
  papers: { zh: '核对随车单证', en: 'Compare the papers' },
  plant_items: { zh: '企业自查项', en: "The plant's items" },
} as const satisfies Record<StepKind, Words>

export const verdicts = {
  cleared: { zh: '准装', en: 'Cleared' },
  refused: { zh: '不准装', en: 'Refused' },
  not_proven: { zh: '未能核实', en: 'Not proven' },
  released: { zh: '放行', en: 'Released' },
  release_refused: { zh: '不放行', en: 'Not released' },
  release_waiting: { zh: '等待放行', en: 'Wait' },
} as const satisfies Record<VerdictWord, Words>

export const verdictsBelow = {
  cleared: { zh: '可以装货', en: 'may be loaded' },
  refused: { zh: '不得装车', en: 'do not load' },
  not_proven: { zh: '不得装车', en: 'do not load' },
  released: { zh: '可以离开', en: 'may leave' },
  release_refused: { zh: '不得离开', en: 'must not leave' },
  release_waiting: { zh: '已记录，等待服务器放行；不得离开', en: 'recorded, not released yet: must not leave' },
} as const satisfies Record<VerdictWord, Words>
