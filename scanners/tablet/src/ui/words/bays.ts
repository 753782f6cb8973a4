import type { Earlier, Words } from '../../state/model'
import type { Catalogue } from './catalogue'

export const bays = {
  plan: { zh: '在哪个车位装什么', en: 'What is loaded where' },
  atThisBay: { zh: '在此装', en: 'Here' },
  atAnother: { zh: '到别的车位装', en: 'At another bay' },
  where: (what: string) => ({ zh: `${what}：在哪里装`, en: `${what}: where it is loaded` }),
  toCome: { zh: '待装', en: 'to come' },
  loadedAt: (bay: string, quantity: string) => ({ zh: `${bay}已装 ${quantity}`, en: `${quantity} in at ${bay}` }),
  waiting: { zh: '未上传', en: 'unsent' },
  waitingNote: {
    zh: '本车位的记录尚未上传。联网后自动上传，下一车位随后才能看到这辆车。',
    en: 'What was recorded here is not sent yet. It goes by itself once there is a network; only then does the next bay see the vehicle.',
  },
  against: { zh: '这样不能放行。先改正，再重新记录本车位。', en: 'It would not be released like this. Put it right, then record this bay again.' },
  next: { zh: '接下来开到哪个车位？', en: 'To which bay does it go next?' },
  recordAndGo: (bay: string) => ({ zh: `记录并转到 ${bay}`, en: `Record, and on to ${bay}` }),
  recordPart: { zh: '记录本车位', en: 'Record this bay' },
  missingBay: { zh: '选择接下来开到哪个车位。', en: 'Choose the bay to which it goes next.' },
  nothingHere: {
    zh: '在这里一仓也不装：请车辆直接开到下一车位，由那里的平板接手。',
    en: 'Nothing is loaded here: let the vehicle go to the next bay, whose tablet goes on with it.',
  },
  partLead: { zh: '只填在本车位装的。总质量和装货后清单在最后一个车位填。', en: 'Enter what goes in here. Gross mass and the list after loading come at the last bay.' },
  arriveTitle: (bay: string) => ({ zh: `到达 ${bay}`, en: `Arrived at ${bay}` }),
  arriveLead: { zh: '接地、止滑、周围环境与上一车位不同：逐项重新查看后才能装货。', en: 'Earth, chocks and surroundings are others here: see each item anew before anything goes in.' },
  checkedAt: (bay: string) => ({ zh: `查验车位：${bay}`, en: `Checked at ${bay}` }),
  arrive: { zh: '逐项确认，在此装货', en: 'All seen: load here' },
  openItems: (count: number) => ({ zh: `还有 ${count} 项`, en: `${count} to go` }),
  notAsItMustBe: { zh: '有不符合的：先改正，再回答“是”。未改正前不得装货。', en: 'Something is not as it must be: put it right, then answer yes. Do not load before.' },
  arriveWaiting: { zh: '已记下，服务器还不知道。收到答复前不得装货。', en: 'Kept here, and the server does not know it yet. Do not load before it has answered.' },
  tryAgain: { zh: '再试', en: 'Try again' },
  comesHere: (left: number) => ({ zh: `转到本车位，待装 ${left} 项`, en: `comes to this bay, ${left} to load` }),
  goesTo: (bay: string, next: string) => ({ zh: `${bay} → ${next}`, en: `${bay} → ${next}` }),
  isAt: (bay: string, left: number) => ({ zh: `在${bay}装货，待装 ${left} 项`, en: `being loaded at ${bay}, ${left} to load` }),
} as const satisfies Catalogue

export const earlier = {
  title: { zh: '这张运单之前查验过', en: 'This waybill was checked before' },
  lead: (time: string) => ({ zh: `${time} 判定不准装。可以接着那次查验，只补查下面的项目。`, en: `It was refused at ${time}. Go on with that check, and only what is listed first is shown again.` }),
  goOn: { zh: '继续之前的查验', en: 'Go on with that check' },
  anew: { zh: '重新查验', en: 'Begin anew' },
  again: { zh: '须重新出示', en: 'To be shown again' },
  standing: { zh: '仍然有效', en: 'Still stands' },
  nothingStands: { zh: '没有仍然有效的项目。', en: 'Nothing still stands.' },
  why: { zh: '当时为什么不准装', en: 'Why it was refused' },
} as const satisfies Catalogue

export const whyAgain = {
  missing: { zh: '还没有出示', en: 'not shown yet' },
  failed: { zh: '当时不符合', en: 'was not met' },
  unknown: { zh: '当时未能核实', en: 'was not proven' },
  outdated: { zh: '已超过 1 小时', en: 'more than an hour ago' },
} as const satisfies Record<Earlier['again'][number]['why'], Words>
