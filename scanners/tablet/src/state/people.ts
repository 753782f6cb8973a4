/** Several people share the tablet: each act carries its person, and the screen locks by itself. */

import { makeVerifier, matches } from '../core/verifier'
import { asked } from './enrolling'
import type { Context } from './context'
import { Refusal } from './model'
import type { PersonRow } from './places'
import type { WireSession } from './wire'

/** So many wrong PINs in a row, and the badge is asked for again. */
const MOST_WRONG = 5

export async function signOn(context: Context, badge: string, pin: string): Promise<PersonRow> {
  const signing = admit(context, badge, pin)
  context.signingOn = signing.catch(() => undefined)
  return signing
}

async function admit(context: Context, badge: string, pin: string): Promise<PersonRow> {
  const session = await openSession(context, badge, pin)
  const { salt, iterations, good_until } = session.unlock
  const person: PersonRow = {
    userId: session.person.user_id,
    label: session.person.label,
    role: session.person.role,
    session: session.session_id,
    signedOnAt: context.now(),
    goodUntil: context.now() + Date.parse(good_until) - Date.parse(session.server_time),
    pin: await makeVerifier(`${session.person.user_id}:${pin}`, iterations, salt),
    // A badge is random and long, so that nobody can try them all; a PIN is six digits.
    badge: await makeVerifier(badge.trim(), 1),
    wrong: 0,
  }
  await keepPerson(context, person)
  await context.changeDevice((row) => ({ ...row, person: person.userId, locked: false }))
  return person
}

/** A bay session of anybody with a badge and a PIN; a second person's is not kept. */
export async function openSession(context: Context, badge: string, pin: string): Promise<WireSession> {
  const json = JSON.stringify({ badge: badge.trim(), pin })
  const session = await asked(() => context.api.call<WireSession>({ method: 'POST', path: '/bay-sessions', json, device: true }))
  context.tokens.keep(session)
  return session
}

/** Go on with the PIN alone; works without network, by what was kept when they signed on. */
export async function unlock(context: Context, userId: string, pin: string): Promise<void> {
  const person = context.people.peek().find((each) => each.userId === userId)
  if (!person || context.now() >= person.goodUntil) throw new Refusal('sign-on-again', SIGN_ON_AGAIN)
  await tryPin(context, person, pin)
  await context.changeDevice((row) => ({ ...row, person: userId, locked: false }))
}

/** Find who signed on today and has this badge and PIN, without network. */
export async function recognise(context: Context, badge: string, pin: string): Promise<PersonRow | null> {
  for (const person of context.people.peek()) {
    if (context.now() >= person.goodUntil || !(await matches(badge.trim(), person.badge))) continue
    await tryPin(context, person, pin)
    return person
  }
  return null
}

async function tryPin(context: Context, person: PersonRow, pin: string): Promise<void> {
  if (person.wrong >= MOST_WRONG) throw new Refusal('pin-locked', PIN_LOCKED, BADGE_CURE)
  // Counted before it is tried, so that a reload in between gives no attempt away.
  await keepPerson(context, { ...person, wrong: person.wrong + 1 })
  if (!(await matches(`${person.userId}:${pin}`, person.pin))) throw new Refusal('wrong-pin', WRONG_PIN)
  await keepPerson(context, { ...person, wrong: 0 })
}

/** Whether who holds the tablet has to show the badge again: the session is over then, whether anybody ended it or not. */
export function isDayOver(context: Context): boolean {
  const holder = context.people.peek().find(({ userId }) => userId === context.device.peek()?.person)
  return holder !== undefined && context.now() >= holder.goodUntil
}

export async function lock(context: Context): Promise<void> {
  await context.changeDevice((row) => (row.person === null || row.locked ? row : { ...row, locked: true }))
}

/** The session ends at the server once everything that was done in it has gone there. */
export async function signOff(context: Context): Promise<void> {
  const device = context.device.peek()
  const person = context.people.peek().find((each) => each.userId === device?.person)
  if (!person) return
  await context.journal.change(() => ({
    add: [
      {
        id: crypto.randomUUID(),
        kind: 'end_session',
        check: null,
        path: `/bay-sessions/${person.session}/end`,
        json: null,
        photo: null,
        item: null,
        evidence: null,
        at: context.moment(),
        person: person.userId,
        session: null,
        state: 'unsent',
        tries: 0,
        problem: null,
      },
    ],
    more: [{ place: 'people', remove: person.userId }],
  }))
  context.people.value = context.people.peek().filter((each) => each !== person)
  context.open.value = null
  await context.changeDevice((row) => ({ ...row, person: null, locked: false }))
}

async function keepPerson(context: Context, person: PersonRow): Promise<void> {
  await context.store.write([{ place: 'people', key: person.userId, put: person }])
  context.people.value = [...context.people.peek().filter((each) => each.userId !== person.userId), person]
}

const SIGN_ON_AGAIN = { zh: '请重新扫描工牌登录。', en: 'Sign on again with the badge.' }
const WRONG_PIN = { zh: 'PIN 不正确。', en: 'The PIN is wrong.' }
const PIN_LOCKED = { zh: 'PIN 错误次数过多。', en: 'Too many wrong PINs.' }
const BADGE_CURE = { zh: '请联网后用工牌重新登录。', en: 'Sign on again with the badge and a network.' }
