/** The signs that must be seen, from the server's figures, with where they go and what they mean. */

import type { Signs, Words } from './model'
import type { WireSigns } from './wire'

const AROUND: Words = { zh: '车辆两侧和后部', en: 'both sides and rear' }
const ENDS: Words = { zh: '车前、车后', en: 'front and rear' }
const NO_SIGNS: Signs = { plates: [], placards: [], marks: [] }

const PLACARDS: Readonly<Record<string, Words>> = {
  '1': { zh: '爆炸品', en: 'explosives' },
  '2.1': { zh: '易燃气体', en: 'flammable gases' },
  '2.2': { zh: '非易燃无毒气体', en: 'non-flammable, non-toxic gases' },
  '2.3': { zh: '毒性气体', en: 'toxic gases' },
  '3': { zh: '易燃液体', en: 'flammable liquids' },
  '4.1': { zh: '易燃固体', en: 'flammable solids' },
  '4.2': { zh: '易于自燃的物质', en: 'substances liable to spontaneous combustion' },
  '4.3': { zh: '遇水放出易燃气体的物质', en: 'in contact with water emits flammable gases' },
  '5.1': { zh: '氧化性物质', en: 'oxidizing substances' },
  '5.2': { zh: '有机过氧化物', en: 'organic peroxides' },
  '6.1': { zh: '毒性物质', en: 'toxic substances' },
  '6.2': { zh: '感染性物质', en: 'infectious substances' },
  '7': { zh: '放射性物质', en: 'radioactive material' },
  '8': { zh: '腐蚀性物质', en: 'corrosive substances' },
  '9': { zh: '杂项危险物质', en: 'miscellaneous dangerous substances' },
}
const MARKS: Readonly<Record<string, Words>> = {
  elevated_temperature: { zh: '高温物质', en: 'elevated temperature' },
  environmentally_hazardous: { zh: '危害环境', en: 'hazardous to the environment' },
}

export function signsOf(signs: WireSigns | undefined): Signs {
  if (!signs) return NO_SIGNS
  return {
    plates: signs.plates.map((plate) => ({
      upper: plate.hazard_identification_number,
      lower: plate.un_number,
      where: plate.compartments.length > 0 ? sidesOf(plate.compartments) : ENDS,
      count: 2 * Math.max(1, plate.compartments.length),
    })),
    placards: signs.placards.map(({ label, division }) => ({
      label: division || label,
      where: AROUND,
      name: nameOf(label),
    })),
    marks: signs.marks.map((kind) => ({ kind, where: AROUND, name: MARKS[kind] ?? { zh: kind, en: kind } })),
  }
}

function nameOf(label: string): Words {
  return PLACARDS[label] ?? PLACARDS[label.charAt(0)] ?? { zh: label, en: label }
}

function sidesOf(compartments: readonly number[]): Words {
  const which = compartments.join('、')
  return { zh: `${which} 仓两侧`, en: `both sides of compartment ${compartments.join(', ')}` }
}
