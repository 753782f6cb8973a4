/** In which order what waits goes. Pure: the journal in, the next act out. */

import { type Act, PICTURES } from '../state/acts'
import type { Journal, Written } from '../state/journal'

/** Acts that wait for the pictures of their check: the server judges with them, and a consent is the last thing. */
const WITH_PICTURES: readonly Act['kind'][] = ['consent', 'decision', 'release']
/** After as many attempts a picture holds nothing up any more. */
const PICTURE_TRIES = 2

/** The oldest act that can go and is not held: pictures last, but before what is judged with them. */
export function nextToGo(journal: Journal, held: ReadonlySet<number>): Written | undefined {
  const unsent = journal.unsent()
  const waiting = unsent.filter((act) => !held.has(act.seq) && !isEarly(act, unsent) && (addressOf(journal, act) !== null || isStranded(act, unsent)))
  const first = waiting.find((act) => !PICTURES.includes(act.kind))
  if (!first) return waiting[0]
  if (!WITH_PICTURES.includes(first.kind)) return first
  const ofIt = waiting.find((act) => act.kind === 'photo' && act.check === first.check && act.tries < PICTURE_TRIES)
  // A record that was made meanwhile brings what is judged. One that was tried is asked again as it was.
  const told = first.tries === 0 ? waiting.find((act) => act.kind === 'record' && act.check === first.check) : undefined
  return told ?? ofIt ?? first
}

/** Where an act goes; `null` while the server's id of its check is not known. */
export function addressOf(journal: Journal, { path, check }: Act): string | null {
  if (!path.includes('{check}')) return path
  const id = check === null ? undefined : journal.case(check)?.serverId
  return id ? path.replace('{check}', id) : null
}

/**
 * A session ends when nothing in its name waits any more, pictures included; a picture that a record
 * names is taken only after the record.
 */
function isEarly(act: Act, unsent: readonly Act[]): boolean {
  if (act.kind === 'record_photo') return unsent.some((other) => other.kind === 'record' && other.check === act.check)
  return act.kind === 'end_session' && unsent.some((other) => other.session !== null && act.path.includes(other.session))
}

/** Nothing that waits will tell under which id the server knows the check: whoever opened it was not let in. */
function isStranded({ check }: Act, unsent: readonly Act[]): boolean {
  return !unsent.some((other) => other.check === check && (other.kind === 'open' || other.kind === 'record'))
}
