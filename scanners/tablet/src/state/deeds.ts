/** The deeds of a check: what each sends, what evidence it is, and what it changes here. */

import { sha256 } from '../core/bytes'
import type { Item, SubjectKind } from '../core/evidence'
import { parsePlate, present } from '../core/presenting'
import { tagIdOf } from '../core/tags'
import type { Sender } from '../net/sender'
import { isUnsent } from './acts'
import { afterLook } from './answers'
import { type Case, heardAgain } from './case'
import { type Deed, perform, refuseOver } from './checking'
import type { Context } from './context'
import { asked } from './enrolling'
import { type CrewRole, type How, type Plate, Refusal, type ScanKind, type Unit } from './model'
import { openSession, recognise } from './people'
import { problemWords, readWords } from './readings'
import type { WireCheck, WireControl } from './wire'

const TAG_MARK = 'WBP1.'

export async function show(context: Context, sender: Sender, held: Case, text: string, how: How, expected: ScanKind | null, photo: string | null = null): Promise<void> {
  refuseOver(held)
  if (text.startsWith(TAG_MARK)) return showTag(context, sender, held, text)
  const typed = how === 'typed' || how === 'pasted'
  const presented = await present(text, await context.keys(), context.serverNow(), typed, expected as SubjectKind | null)
  const { item, problem } = presented
  await perform(
    context,
    sender,
    held,
    {
      kind: 'scan',
      path: '/checks/{check}/scans',
      json: { text, typed, expected },
      ...(item ? { item } : {}),
      evidence: { type: 'scan', text, typed, expected, ...(photo ? { photo_sha256: photo } : {}) },
      read: readWords(item),
      lastKind: item?.kind ?? expected ?? 'document',
    },
  )
  await noteProblem(context, held, problem)
}

/** What is wrong with a code is said at once, where the server has not said it better. */
async function noteProblem(context: Context, held: Case, problem: string): Promise<void> {
  if (!problem) return
  await change(context, held, (now) => (now.last?.judgedBy === 'tablet' ? { ...now, last: { ...now.last, note: problemWords(problem) } } : now))
}

async function showTag(context: Context, sender: Sender, held: Case, text: string): Promise<void> {
  const known = context.kept.peek()?.bundle.presence_tags?.find((tag) => tag.bay_id === held.bay && tag.id === tagIdOf(text))
  const seen = (point: string) => (now: Case): Case => ({ ...now, tags: [...new Set([...now.tags, point])] })
  const deed: Deed = {
    kind: 'tag',
    path: '/checks/{check}/presence-tags',
    json: { text, at: context.serverNow().toISOString() },
    evidence: { type: 'presence_tag', text },
    unproven: !known,
    read: { zh: '到位标签', en: 'presence tag' },
    lastKind: 'presence_tag',
  }
  const body = await perform(context, sender, held, deed, known && seen(known.point))
  const point = (body as { point?: string | null } | undefined)?.point
  if (point) await change(context, held, seen(point))
}

export async function seePlate(context: Context, sender: Sender, held: Case, unit: Unit, plate: Plate, how: 'typed' | 'photo'): Promise<void> {
  refuseOver(held)
  const number = parsePlate(plate.plate)
  if (!number) throw new Refusal('plate-shape', PLATE_SHAPE, null, { '/plate': PLATE_SHAPE })
  const body = { unit, plate: number, plate_colour: plate.colour, how }
  const item: Item = { type: 'plate', ...body, at: context.serverNow().toISOString() }
  await perform(context, sender, held, said('plate', '/checks/{check}/plates', body, item))
}

export async function seePerson(context: Context, sender: Sender, held: Case, role: CrewRole, present: boolean): Promise<void> {
  refuseOver(held)
  const item: Item = { type: 'presence', role, reference: '', present, at: context.serverNow().toISOString() }
  const evidence = { type: 'presence', role, reference: '', present }
  await perform(context, sender, held, { ...said('presence', '/checks/{check}/presences', { role, present }, item), evidence })
}

export async function answer(
  context: Context, sender: Sender, held: Case, question: string, given: 'yes' | 'no' | 'not_applicable', note?: string,
): Promise<void> {
  refuseOver(held)
  const body = { question, answer: given }
  const item: Item = { type: 'answer', question, answer: given, at: context.serverNow().toISOString() }
  // A record knows yes and no; what does not apply is told in it, and judged by nobody.
  const type = given === 'not_applicable' ? 'not_applicable' : 'answer'
  const evidence = { type, ...body, ...(note ? { note } : {}) }
  await perform(context, sender, held, { ...said('answer', '/checks/{check}/answers', body, item), evidence }, (now) => ({
    ...now,
    answers: { ...now.answers, [question]: given },
  }))
}

/** A picture never holds people up: it is kept, and goes when there is room on the line. Returns its SHA-256. */
export async function takePhoto(context: Context, sender: Sender, held: Case, shows: string, picture: Blob): Promise<string> {
  refuseOver(held)
  const bytes = new Uint8Array(await picture.arrayBuffer())
  const digest = await sha256(bytes)
  const item: Item = { type: 'photo', shows, sha256: digest, at: context.serverNow().toISOString() }
  const deed: Deed = {
    kind: 'photo',
    path: `/checks/{check}/photos?shows=${encodeURIComponent(shows)}`,
    item,
    evidence: { type: 'photo', shows },
    picture: bytes,
    waitMs: 0,
    read: readWords(item),
    lastKind: 'photo',
  }
  await perform(context, sender, held, deed, (now) => ({
    ...now,
    shown: [...new Set([...now.shown, shows])],
    pictures: [...new Set([...now.pictures, digest])],
  }))
  return digest
}

export async function answerControl(context: Context, sender: Sender, held: Case, id: string, value: string): Promise<void> {
  refuseOver(held)
  const body = await perform(
    context,
    sender,
    held,
    {
      kind: 'control',
      path: '/checks/{check}/control-answers',
      json: { question: id, answer: value },
      evidence: { type: 'control', question: id, answer: value },
    },
    (now) => ({ ...now, controls: { ...now.controls, [id]: value } }),
  )
  const told = body as WireControl | undefined
  if (!told?.id) return
  await change(context, held, (now) => {
    const questions = now.server?.control_questions
    if (!now.server || !questions) return now
    return { ...now, server: { ...now.server, control_questions: questions.map((each) => (each.id === id ? { ...each, ...told } : each)) } }
  })
}

/** Two accounts let an item of the plant pass, so it needs the server; each is named in the log. */
export async function letPass(
  context: Context, sender: Sender, held: Case, item: string, reason: string, second: { badge: string; pin: string },
): Promise<void> {
  const other = await openSession(context, second.badge, second.pin)
  if (other.person.user_id === context.person().userId) throw new Refusal('same-person', SAME_PERSON)
  const path = '/checks/{check}/overrides'
  const json = { item, reason }
  const { userId, session } = context.person()
  for (const by of [{ userId, session }, { userId: other.person.user_id, session: other.session_id }]) {
    const body = await perform(context, sender, held, { kind: 'override', path, json, by, waitMs: 8_000 })
    if (body === undefined) {
      // It was said not to be done, so it is not done later either.
      await withdraw(context, held, 'override')
      throw new Refusal('no-network', NEEDS_NETWORK)
    }
  }
}

async function withdraw(context: Context, { key }: Case, kind: Deed['kind']): Promise<void> {
  await context.journal.change(() => ({
    acts: context.journal.of(key).filter((act) => act.kind === kind && isUnsent(act)).map((act) => ({ ...act, state: 'dropped' })),
  }))
}

/** The supervisor agrees by own badge and PIN: with network in their own session, else by what is kept. */
export async function consent(context: Context, sender: Sender, held: Case, badge: string, pin: string): Promise<void> {
  refuseOver(held)
  const known = await recognise(context, badge, pin)
  const person = known ?? (await openSession(context, badge, pin))
  const userId = 'userId' in person ? person.userId : person.person.user_id
  const session = 'userId' in person ? person.session : person.session_id
  const reference = context.kept.peek()?.bundle.supervisors?.find((each) => each.user_id === userId)?.subject ?? ''
  const item: Item = { type: 'consent', by: userId, reference, given: 'yes', at: context.serverNow().toISOString() }
  const evidence = { type: 'consent', by: userId, session, given: 'yes' }
  const deed: Deed = {
    kind: 'consent',
    path: '/checks/{check}/consent',
    json: { given: true },
    item,
    evidence,
    by: { userId, session },
    read: readWords(item),
    lastKind: 'presence',
  }
  const answered = await perform(context, sender, held, deed)
  // The server says no more than that it is kept, so it is asked how the check stands with it.
  if (answered !== undefined) await look(context, held.key)
}

export async function abort(context: Context, sender: Sender, held: Case, reason: string): Promise<void> {
  refuseOver(held)
  await perform(context, sender, held, { kind: 'abort', path: '/checks/{check}/abort', json: { reason } }, (now) => ({ ...now, phase: 'over' }))
}

/**
 * Ask the server how a check stands; nothing is changed there by looking. Where something else was
 * heard of it meanwhile, this may be from before that: it is asked anew.
 */
export async function look(context: Context, key: string): Promise<void> {
  for (let overtaken = true; overtaken;) {
    const held = context.journal.case(key)
    const person = context.people.peek().find((each) => each.userId === context.device.peek()?.person)
    if (!held?.serverId || !person) return
    const token = await context.tokens.of(person.session)
    const server = await asked(() => context.api.call<WireCheck>({ method: 'GET', path: `/checks/${held.serverId}`, token }))
    overtaken = false
    await change(context, held, (now) => {
      overtaken = now.heard !== held.heard
      return overtaken ? now : heardAgain(afterLook(now, server, context.journal.of(key).filter(isUnsent)))
    })
  }
}

export async function change(context: Context, { key }: Case, work: (held: Case) => Case): Promise<void> {
  await context.journal.change(() => {
    const held = context.journal.case(key)
    return held ? { cases: [work(held)] } : {}
  })
}

function said(kind: Deed['kind'], path: string, body: NonNullable<Deed['evidence']>, item: Item): Deed {
  return { kind, path, json: body, item, evidence: { type: item.type, ...body }, read: readWords(item), lastKind: item.type === 'scan' ? item.kind : (item.type as never) }
}

const PLATE_SHAPE = {
  zh: '车牌号应为省份简称、字母和 5 位号码（新能源 6 位，挂车 4 位加“挂”）。',
  en: 'A plate is a province, a letter and 5 characters (6 for new energy, 4 and 挂 for a trailer).',
}
const SAME_PERSON = { zh: '需要另一位有权限的人员。', en: 'A second authorised person is needed.' }
const NEEDS_NETWORK = { zh: '此操作需要网络。', en: 'This needs a network.' }
