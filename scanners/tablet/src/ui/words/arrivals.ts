import type { Arrival, Standing, Words } from '../../state/model'
import type { Catalogue } from './catalogue'

export const arrivals = {
  title: { zh: '待装车辆', en: 'Expected today' },
  none: { zh: '没有待装车辆。可直接扫描运单码。', en: 'Nobody is expected. Scan a waybill to begin.' },
  noneFound: { zh: '没有符合的车辆。按“打开”用此编号查验。', en: 'None fits. "Open" begins a check with this number.' },
  search: { zh: '查找，或输入运单编号', en: 'Find, or type a waybill number' },
  open: { zh: '打开', en: 'Open' },
  scan: { zh: '扫描运单', en: 'Scan a waybill' },
  running: { zh: '查验中', en: 'Being checked' },
  others: { zh: '进行中的查验', en: 'Checks going on' },
  refresh: { zh: '更新', en: 'Refresh' },
  keptAges: { zh: '保存的数据', en: 'Kept on this tablet' },
  goodUntil: (time: string) => ({ zh: `离线可用至 ${time}`, en: `good offline until ${time}` }),
  expected: (time: string) => ({ zh: `预计 ${time}`, en: `expected ${time}` }),
  count: (count: number) => ({ zh: `${count} 辆`, en: count === 1 ? '1 vehicle' : `${count} vehicles` }),
  noPlate: { zh: '号牌未知', en: 'plate unknown' },
} as const satisfies Catalogue

/** How an arrival was judged before it came. */
export const readiness = {
  passed: { zh: '预审通过', en: 'Ready' },
  failed: { zh: '有不符合项', en: 'Not met' },
  unknown: { zh: '未能核实', en: 'Not proven' },
  missing: { zh: '尚未预审', en: 'Not judged' },
} as const satisfies Record<Standing, Words>

export const statuses = {
  issued: { zh: '待查验', en: 'to be checked' },
  cleared: { zh: '已准装', en: 'cleared' },
  released: { zh: '已放行', en: 'released' },
  refused: { zh: '曾不准装', en: 'was refused' },
  cancelled: { zh: '已作废', en: 'cancelled' },
} as const satisfies Record<Arrival['status'], Words>
