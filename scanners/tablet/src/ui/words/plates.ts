import type { Plate, Words } from '../../state/model'
import type { Catalogue } from './catalogue'

export const plateColours = {
  yellow: { zh: '黄牌', en: 'yellow' },
  yellow_green: { zh: '黄绿牌', en: 'yellow-green' },
  blue: { zh: '蓝牌', en: 'blue' },
  green: { zh: '绿牌', en: 'green' },
  white: { zh: '白牌', en: 'white' },
  black: { zh: '黑牌', en: 'black' },
} as const satisfies Record<Plate['colour'], Words>

export const plates = {
  tractor: { zh: '车头上看到的号牌', en: 'The plate you see on the vehicle' },
  trailer: { zh: '挂车上看到的号牌', en: 'The plate you see on the trailer' },
  lookAtVehicle: { zh: '看着车辆输入，运单上的号牌此时不显示。', en: 'Read it from the vehicle itself; the waybill\'s plate is hidden meanwhile.' },
  hidden: { zh: '号牌已遮住', en: 'plate hidden' },
  number: { zh: '号牌号码', en: 'Plate number' },
  provinces: { zh: '省份', en: 'Province' },
  letters: { zh: '字母和数字', en: 'Letters and digits' },
  colour: { zh: '颜色', en: 'Colour' },
  photograph: { zh: '拍下号牌', en: 'Photograph it' },
  photographed: { zh: '已拍照，重拍', en: 'Photo taken; again' },
  enter: { zh: '确认号牌', en: 'Confirm the plate' },
  tooShort: { zh: '号牌不完整：省份、字母，再加至少 4 位。', en: 'Incomplete: province, letter and at least 4 more characters.' },
} as const satisfies Catalogue
