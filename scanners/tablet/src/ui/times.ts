/** Times as people at the bay read them: 24 hours, Asia/Shanghai, and ages in words. */

import type { Words } from '../state/model'
import { common } from './words/common'

const PARTS = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Shanghai', hour12: false,
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
})

const part = (moment: number): Readonly<Record<string, string>> =>
  Object.fromEntries(PARTS.formatToParts(moment).map(({ type, value }) => [type, value]))

/** `14:05` */
export const clockTime = (moment: number): string => {
  const { hour, minute } = part(moment)
  return `${hour}:${minute}`
}

/** `2026-11-22 14:05` */
export const dateTime = (moment: number): string => {
  const { year, month, day } = part(moment)
  return `${year}-${month}-${day} ${clockTime(moment)}`
}

/** A moment of this device's clock by the server's, by which every moment of a check is kept. */
export const byServer = (moment: number, offset: number | null): number => moment - (offset ?? 0)

/** How long ago, in the largest unit that says something. */
export function age(since: number | null, now: number): Words {
  if (since === null) return common.never
  const minutes = Math.floor((now - since) / 60_000)
  if (minutes < 1) return common.now
  if (minutes < 60) return common.minutes(minutes)
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? common.hours(hours) : common.days(Math.floor(hours / 24))
}

/** `28,500 kg`: thousands are set apart and idle zeros left out; the figure is never rounded. */
export function amount(quantity: string, unit: string): string {
  const [whole = '', places = ''] = quantity.split('.')
  const rest = places.replace(/0+$/, '')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return `${grouped}${rest === '' ? '' : `.${rest}`} ${unit}`
}

/** `3.2 MB`, for what a tablet keeps. */
export function size(bytes: number): string {
  const mega = bytes / 1_000_000
  return mega < 1000 ? `${mega.toFixed(mega < 10 ? 1 : 0)} MB` : `${(mega / 1000).toFixed(1)} GB`
}
