/** The two trips of training: one that is as it must be, and one that is not. */

import type { WireArrival, WireAsked, WireBundle, WireCheck, WirePhoto, WireSigns } from '../state/wire'
import { TRAINING_CODES, TRAINING_KEY } from './codes'

export const BAY = { id: '0192f000-0000-7000-8000-0000000000b1', name: '1 号位' } as const
export const OTHER_BAY = { id: '0192f000-0000-7000-8000-0000000000b2', name: '2 号位' } as const
export const BAYS = [BAY, OTHER_BAY] as const
export const LOADER = { user_id: '0192f000-0000-7000-8000-0000000000a1', label: 'training', role: 'loader' } as const
export const SUPERVISOR_REFERENCE = 's_7a11000001'
export const SUPERVISOR = { user_id: '0192f000-0000-7000-8000-0000000000a2', label: 'training-supervisor', role: 'supervisor' } as const

const HOUR_MS = 3_600_000
const yesNo = ['yes', 'no'] as const

interface Question extends WireAsked {
  readonly phase: 'before_loading' | 'after_loading'
}

const question = (id: string, rule: string, zh: string, en: string, more: Partial<Question> = {}): Question => ({
  id, rule, zh, en, answer: null, photo: false, photo_taken: false, stops: true, phase: 'before_loading', ...more,
})

export const QUESTIONS: readonly Question[] = [
  question('orange_plates', 'HAND-01.plates', '矩形标志牌与图示一致，清晰、牢固？', 'Are the orange plates as drawn, legible and fixed?'),
  question('placards', 'HAND-01.placards', '菱形标志牌与图示一致，多余的已取下？', 'Are the placards as drawn, and all others removed?'),
  question('engine_off', 'HAND-02.engine', '发动机已熄火，电源已切断？', 'Is the engine off and the electricity cut?'),
  question('earthed', 'HAND-02.earth', '静电接地已连接？', 'Is the vehicle earthed?'),
  question('papers_aboard', 'DOC-03.papers', '随车有运单和道路运输安全卡？', 'Are the waybill and the instructions in writing aboard?'),
  question('helmet', '', '驾驶人戴安全帽、穿防静电服？', 'Does the driver wear a helmet and antistatic clothes?'),
  question('valves_closed', 'AFTER-01.valves', '阀门、人孔盖已关闭，无渗漏？', 'Are valves and manholes closed, and nothing leaks?', { phase: 'after_loading' }),
  question('hoses_off', 'AFTER-01.hoses', '鹤管、接地线已拆除？', 'Are loading arm and earthing cable removed?', { phase: 'after_loading' }),
]

export const PHOTOS: readonly WirePhoto[] = [
  { shows: 'signs_rear', zh: '车尾的标志牌', en: 'The signs at the rear', taken: false, why: 'random' },
]

const PETROL_SIGNS: WireSigns = {
  plates: [
    { hazard_identification_number: '', un_number: '', compartments: [] },
    { hazard_identification_number: '33', un_number: '1203', compartments: [1] },
    { hazard_identification_number: '30', un_number: '1202', compartments: [2] },
  ],
  placards: [{ label: '3', division: '' }],
  marks: ['environmentally_hazardous'],
}
const METHANOL_SIGNS: WireSigns = {
  plates: [{ hazard_identification_number: '336', un_number: '1230', compartments: [] }],
  placards: [{ label: '3', division: '' }, { label: '6.1', division: '' }],
  marks: [],
}

export function bundleAt(now: number): WireBundle {
  const iso = (ms: number): string => new Date(ms).toISOString()
  const [made, until] = [iso(now - 1_000), iso(now + 12 * HOUR_MS)]
  return {
    id: '0192f000-0000-7000-8000-0000000000c1',
    made_at: made,
    good_until: until,
    server_time: iso(now),
    bays: BAYS,
    trust: { fetched_at: made, good_until: until, jwks: { keys: [TRAINING_KEY] } },
    supervisors: [{ subject: SUPERVISOR_REFERENCE, valid_until: null, user_id: SUPERVISOR.user_id }],
    revocations: [],
    supervisor_consents: false,
    arrivals: [
      arrivalOf(now, { end: '1', un: '1203', code: TRAINING_CODES.good.waybill, signs: PETROL_SIGNS }),
      arrivalOf(now, { end: '2', un: '1230', code: TRAINING_CODES.faulty.waybill, signs: METHANOL_SIGNS }),
    ],
    questions: QUESTIONS,
    photos: PHOTOS,
  }
}

interface Trip {
  readonly end: '1' | '2'
  readonly un: string
  readonly code: string
  readonly signs: WireSigns
}

function arrivalOf(now: number, { end, code, signs }: Trip): WireArrival {
  const iso = (ms: number): string => new Date(ms).toISOString()
  return {
    waybill_id: `0192f000-0000-7000-8000-00000000000${end}`,
    number: `YL20260000000${end}`,
    revision: 1,
    status: 'issued',
    text: code,
    carrier: '演练运输公司 Training carrier',
    expected_at: iso(now),
    valid_from: iso(now - 24 * HOUR_MS),
    valid_until: iso(now + 24 * HOUR_MS),
    plates: {
      tractor: { plate: `苏H9000${end}`, colour: 'yellow' },
      trailer: { plate: `苏H900${end}挂`, colour: 'yellow' },
    },
    expected: {
      vehicle: { subject: `苏H9000${end}`, card_version: 1, valid_until: null },
      trailer: { subject: `苏H900${end}挂`, card_version: 1, valid_until: null },
      driver: { subject: `d_7a1100000${end}`, card_version: 1, valid_until: null },
      escort: { subject: `e_7a1100000${end}`, card_version: 1, valid_until: null },
      tank: { subject: `TR-TANK-0${end}`, card_version: 1, valid_until: null },
    },
    goods: end === '1' ? PETROL : METHANOL,
    signs,
    readiness: 'passed',
    preclearance: { judged_at: iso(now), good_until: iso(now + 12 * HOUR_MS), would_clear: true, findings: [] },
    asked: QUESTIONS.filter((each) => each.phase === 'before_loading').map(({ id }) => ({ id, answers: yesNo, photo: false })),
  }
}

const PETROL: WireCheck['goods'] = [
  { position: 1, un_number: '1203', name_zh: '车用汽油', name_en: 'PETROL', division: '3', packing_group: 'II', quantity_kg: '18500', compartment: 1 },
  { position: 2, un_number: '1202', name_zh: '柴油', name_en: 'DIESEL FUEL', division: '3', packing_group: 'III', quantity_kg: '10000', compartment: 2 },
]
const METHANOL: WireCheck['goods'] = [
  { position: 1, un_number: '1230', name_zh: '甲醇', name_en: 'METHANOL', division: '3', packing_group: 'II', quantity_kg: '24000', compartment: 1 },
]
