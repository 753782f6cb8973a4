/** How long to wait before the next attempt. */

const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/** Doubling, at most a minute, and somewhere in the upper half so that tablets do not come at once. */
export function backOff(attempt: number, random: () => number = Math.random): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempt - 1))
  return Math.round(most / 2 + (most / 2) * random())
}
