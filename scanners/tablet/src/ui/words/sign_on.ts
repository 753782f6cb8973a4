import type { Words } from '../../state/model'
import type { Catalogue } from './catalogue'

export const signOn = {
  enrolTitle: { zh: '登记本平板', en: 'Enrol this tablet' },
  enrolLead: {
    zh: '请装卸管理人员在“设备”页面新增设备，把显示的一次性代码输入这里。代码 15 分钟内有效。',
    en: 'A supervisor adds a device on the page "Devices" and reads out the one-time code. It is good for 15 minutes.',
  },
  code: { zh: '一次性代码（8 位）', en: 'One-time code (8 characters)' },
  enrol: { zh: '登记', en: 'Enrol' },
  revokedTitle: { zh: '本平板已停用', en: 'This tablet is revoked' },
  revokedLead: {
    zh: '本平板上的数据已清除，不能再查验。捡到或需重新启用，请交给装卸管理人员登记。',
    en: 'Its data are gone and it can check nothing. Hand it to a supervisor, who can enrol it again.',
  },
  revokedSending: (count: number) => ({
    zh: `还有 ${count} 条离线记录正在上传，上传后密钥一并清除。请保持联网。`,
    en: `${count} records are still being sent; then the keys are deleted too. Keep it connected.`,
  }),
  unknownTitle: { zh: '服务器不认识本平板', en: 'The server does not know this tablet' },
  unknownLead: {
    zh: '可能恢复了较早的备份。本平板暂停查验，数据没有清除。',
    en: 'An older backup may have been restored. Nothing can be checked here until then, and nothing was deleted.',
  },
  unknownKept: (count: number) => ({
    zh: `还有 ${count} 项未上传，已加密保存。请装卸管理人员用新代码重新登记，之后自动上传；不要清除浏览器数据。`,
    en: `${count} things are not sent and kept sealed. A supervisor enrols the tablet again with a new code, then they are sent. Do not clear the browser's data.`,
  }),
  unknownEmpty: {
    zh: '请装卸管理人员用新代码重新登记。',
    en: 'A supervisor enrols it again with a new code.',
  },
  enrolAgain: { zh: '重新登记', en: 'Enrol again' },
  bayTitle: { zh: '本平板在哪个车位？', en: 'At which bay is this tablet?' },
  bayLead: { zh: '选择后会记住，换位时在菜单里改。', en: 'The choice is kept; change it in the menu.' },
  noBays: { zh: '没有可用的装卸车位。请装卸管理人员先在“装货地点”登记车位。', en: 'No bay is in use. A supervisor registers one under "Facilities".' },
  title: { zh: '签到', en: 'Sign on' },
  lockedTitle: { zh: '已锁定', en: 'Locked' },
  badge: { zh: '扫描您的胸卡', en: 'Scan your badge' },
  badgeLead: { zh: '对准摄像头，或用扫码枪。', en: 'Hold it before the camera, or use the scanner.' },
  badgeRead: { zh: '已读到胸卡', en: 'Badge read' },
  today: { zh: '今天签到过的人', en: 'Signed on today' },
  other: { zh: '其他人：扫描胸卡', en: 'Someone else: scan a badge' },
  pin: { zh: '输入 6 位密码', en: 'Enter the 6-digit PIN' },
  pinFor: (who: string) => ({ zh: `${who}：输入 6 位密码`, en: `${who}: enter the 6-digit PIN` }),
  pinField: { zh: '密码', en: 'PIN' },
  digits: (count: number) => ({ zh: `已输入 ${count} 位`, en: `${count} digits entered` }),
  firstBadge: { zh: '先扫描胸卡或选择姓名，再输入密码。', en: 'Scan a badge or choose a name first, then the PIN.' },
  notBadge: { zh: '这不是胸卡。请扫描胸卡上的二维码。', en: 'That is no badge. Scan the code on your badge.' },
  train: { zh: '练习', en: 'Practise' },
  trainLead: { zh: '训练模式用演示代码，不能放行任何真实车辆。', en: 'Training uses demo codes and can release nothing real.' },
} as const satisfies Catalogue

/** What the accounts are for that sign on at a bay. */
export const roles: Readonly<Record<string, Words>> = {
  loader: { zh: '装货人', en: 'loader' },
  supervisor: { zh: '装卸管理人员', en: 'loading supervisor' },
  admin: { zh: '管理员', en: 'administrator' },
}

export const practice = {
  cards: { zh: '演示卡', en: 'Demo cards' },
  good: { zh: '第 1 车，应当准装', en: 'Trip 1, as it must be' },
  faulty: { zh: '第 2 车，有问题', en: 'Trip 2, with faults' },
  badges: { zh: '胸卡，密码 000000', en: 'Badges, PIN 000000' },
  loaderBadge: { zh: '装货人', en: 'Loader' },
  supervisorBadge: { zh: '装卸管理人员', en: 'Supervisor' },
} as const satisfies Catalogue

export const frame = {
  menu: { zh: '菜单', en: 'Menu' },
  lock: { zh: '锁定', en: 'Lock' },
  online: { zh: '在线', en: 'Online' },
  offline: { zh: '离线', en: 'Offline' },
  unsent: (count: number) => ({ zh: `未上传 ${count}`, en: `Unsent ${count}` }),
  allSent: { zh: '已全部上传', en: 'All sent' },
  sending: { zh: '上传中', en: 'Sending' },
  offlineSince: (age: string) => ({ zh: `离线，上次联系 ${age}`, en: `Offline, last contact ${age}` }),
  neverConnected: { zh: '离线，尚未联系过服务器', en: 'Offline, never in contact with the server' },
  offlineMeans: { zh: '只判定能证明的；其余为“未能核实，不得装车”。', en: 'What cannot be proven here is "not proven: do not load".' },
  arrivalsAge: (age: string) => ({ zh: `车辆名单 ${age}`, en: `arrivals ${age}` }),
  trustAge: (age: string) => ({ zh: `信任列表 ${age}`, en: `trust list ${age}` }),
  revocationsAge: (age: string) => ({ zh: `吊销名单 ${age}`, en: `revocations ${age}` }),
  training: { zh: '训练', en: 'TRAINING' },
  trainingMeans: { zh: '演示代码，不能放行任何真实车辆', en: 'demo codes; nothing real can be released' },
  endTraining: { zh: '结束训练', en: 'End training' },
  clockWrong: (minutes: number) => ({
    zh: `本机时钟${minutes > 0 ? '快' : '慢'} ${Math.abs(minutes)} 分钟。记录会注明；请校正系统时间。`,
    en: `This clock is ${Math.abs(minutes)} min ${minutes > 0 ? 'fast' : 'slow'}. Records say so; set the system\'s time right.`,
  }),
  storageTight: { zh: '存储空间不足。请联网上传，照片先传。', en: 'Storage is nearly full. Connect and send; photos go first.' },
  updateWaiting: { zh: '有新版本，全部上传且没有进行中的查验时更新。', en: 'A new version is ready; it is taken when all is sent and no check is open.' },
  stale: { zh: '保存的数据已过期', en: 'What is kept is out of date' },
  contradictions: (count: number) => ({ zh: `${count} 条记录与服务器判定不同`, en: count === 1 ? '1 record was judged otherwise by the server' : `${count} records were judged otherwise by the server` }),
  show: { zh: '查看', en: 'Show' },
} as const satisfies Catalogue
