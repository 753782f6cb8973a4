/** A check as the screens see it, out of what is kept of it. */

import { isUnsent } from './acts'
import { type Place, planOf } from './bays'
import type { Case } from './case'
import type { Written } from './journal'
import { type Known, reasonsHere, stepsHere, withNewest } from './local'
import type { Asked, AskedPhoto, Check, ControlQuestion, Earlier, GoodsLine, Plate, PresencePoint, Step } from './model'
import { groupOfRule, standing } from './reasons'
import { signsOf } from './signs'
import type { WireAsked, WireCheck, WireGoods } from './wire'

export interface Around extends Known, Place {
  readonly training: boolean
  readonly online: boolean
}

export function checkView(kept: Case, acts: readonly Written[], around: Around): Check {
  const held = withNewest(kept, around.bundle)
  const { server, arrival } = held
  const unsent = acts.filter(isUnsent)
  const questions = questionsOf(held, acts, around)
  // The server's steps hold while it knows everything that was shown.
  const here = !server || unsent.some((act) => act.item !== null || act.kind === 'record')
  const steps = here && !held.begunElsewhere && (arrival || !server) ? localSteps(held, acts, questions, around) : serverSteps(held, here)
  const missing = steps.filter((step) => step.needed && step.standing !== 'passed').map((step) => step.kind)
  return {
    key: held.key,
    training: around.training,
    number: server?.waybill.number ?? arrival?.number ?? (held.typed ? held.text : ''),
    revision: held.revision,
    tractor: tractorOf(held),
    trailer: trailerOf(held),
    goods: (server?.goods ?? arrival?.goods ?? []).map(goodsLine),
    phase: held.phase,
    steps,
    questions,
    photos: photosOf(held, around),
    control: controlsOf(held),
    presencePoints: pointsOf(held, around),
    signs: signsOf(server?.signs ?? arrival?.signs),
    last: held.last,
    wouldClear: here ? missing.length === 0 && arrival !== null : (server?.would_clear ?? false),
    missing,
    verdict: held.verdict,
    offline: here || !around.online,
    unsent: unsent.length,
    releaseCode: held.releaseCode,
    slipAddress: held.serverId && held.verdict && around.online && !around.training ? `/api/v1/checks/${held.serverId}/slip.pdf` : null,
    contradiction: held.contradiction,
    bays: planOf(held, acts, around),
    earlier: earlierOf(held),
  }
}

function earlierOf({ earlier }: Case): Earlier | null {
  if (!earlier) return null
  const refused = earlier.verdicts?.at(-1)
  return {
    refusedAt: Date.parse(refused?.judged_at ?? earlier.summary.decided_at ?? ''),
    reasons: standing(refused?.findings ?? []),
    standing: earlier.still_standing ?? [],
    again: (earlier.to_show_again ?? []).map(({ step, why }) => ({ kind: step, why })),
  }
}

export function goodsLine(line: WireGoods): GoodsLine {
  return {
    position: line.position,
    unNumber: line.un_number,
    name: { zh: line.name_zh, en: line.name_en },
    className: line.division ?? line.class ?? '',
    packingGroup: line.packing_group,
    quantity: line.quantity_kg ?? line.quantity ?? '',
    unit: line.unit ?? 'kg',
    compartment: line.compartment == null ? null : String(line.compartment),
  }
}

function localSteps(held: Case, acts: readonly Written[], questions: readonly Asked[], around: Around): readonly Step[] {
  return stepsHere(held, reasonsHere(held, acts, around), questions)
}

/** Steps as the server last said; what it has not seen yet proves nothing. */
function serverSteps(held: Case, changed: boolean): readonly Step[] {
  const steps = held.server?.steps ?? []
  return steps.map((step) => ({
    kind: step.kind,
    needed: step.needed,
    standing: changed && step.state === 'missing' ? 'unknown' : step.state,
    reasons: standing(step.findings),
    kept: held.kept.includes(step.kind) && step.state === 'passed',
  }))
}

function questionsOf(held: Case, acts: readonly Written[], { bundle }: Around): readonly Asked[] {
  const after = held.phase !== 'before_loading'
  const allowed = new Map(held.arrival?.asked.map((each) => [each.id, each.answers ?? ['yes', 'no']]))
  const later = held.arrival?.asked_after
  const told = serverOfPhase(held)?.questions
  const wanted = told ?? bundle?.questions?.filter((asked) =>
    after ? asked.phase === 'after_loading' && (later?.includes(asked.id) ?? true) : allowed.has(asked.id),
  )
  return (wanted ?? []).map((asked) => ({
    id: asked.id,
    group: after ? 'after_loading' : groupOfRule(asked.rule),
    text: { zh: asked.zh, en: asked.en },
    source: { zh: asked.rule, en: asked.rule },
    answers: (allowed.get(asked.id) ?? ['yes', 'no']) as Asked['answers'],
    answer: answerTo(asked, held, acts, told !== undefined),
    wantsPhoto: asked.photo && !asked.photo_taken && !held.shown.includes(asked.id),
    mayBeLetPass: asked.rule === '' && asked.stops,
  }))
}

/**
 * What holds of a question: what was said here, until the server has it. Then the server's: it may have
 * heard otherwise since, or count it no more. It knows yes and no alone.
 */
function answerTo({ id, answer }: WireAsked, { answers }: Case, acts: readonly Written[], told: boolean): Asked['answer'] {
  const said = answers[id] ?? null
  const there = answer == null ? null : answer ? 'yes' : 'no'
  const here = !told || acts.some(({ item, state }) => item?.type === 'answer' && item.question === id && (state === 'unsent' || state === 'recorded'))
  return (here || (said === 'not_applicable' && there !== 'yes') ? said : null) ?? there
}

/**
 * What the server asks. Where it was last asked before it cleared, that was another list: then what is
 * kept of the arrival holds, and of one that was not expected nothing is known until it is asked anew.
 */
function serverOfPhase({ server, phase, arrival }: Case): Pick<WireCheck, 'questions' | 'photos'> | null {
  const before = phase !== 'before_loading' && server?.summary.status === 'open'
  if (!before) return server
  return arrival ? null : { questions: [], photos: [] }
}

function photosOf(held: Case, { bundle }: Around): readonly AskedPhoto[] {
  const mine = held.arrival?.photos
  const byLaw = bundle?.photos?.filter((photo) => mine?.includes(photo.shows) ?? true) ?? []
  const kept = [...byLaw, ...(held.arrival?.looks?.photos ?? [])]
  const phase = held.phase === 'before_loading' ? 'before_loading' : 'after_loading'
  const wanted = (serverOfPhase(held)?.photos ?? kept).filter((photo) => (photo.phase ?? phase) === phase)
  return wanted.map((photo) => ({
    shows: photo.shows,
    text: { zh: photo.zh, en: photo.en },
    why: photo.why ?? 'law',
    taken: photo.taken || held.shown.includes(photo.shows),
  }))
}

function controlsOf(held: Case): readonly ControlQuestion[] {
  return (held.server?.control_questions ?? held.arrival?.looks?.control_questions ?? []).map((question) => ({
    id: question.id,
    text: { zh: question.zh, en: question.en },
    choices: question.choices.map((choice) => ({ value: choice.value, text: { zh: choice.zh, en: choice.en } })),
    answered: held.controls[question.id] ?? question.answered ?? null,
    hint: question.hint_zh ? { zh: question.hint_zh, en: question.hint_en ?? question.hint_zh } : null,
  }))
}

function pointsOf(held: Case, { bundle }: Around): readonly PresencePoint[] {
  const here = bundle?.presence_tags?.filter((tag) => tag.bay_id === held.bay)
  return (held.server?.presence_tags ?? here ?? []).map((tag) => ({
    point: tag.point,
    label: { zh: tag.label || tag.zh || tag.point, en: tag.label || tag.en || tag.point },
    seen: (tag.seen ?? false) || held.tags.includes(tag.point),
  }))
}

function tractorOf({ server, arrival }: Case): Plate | null {
  if (server) return plate(server.waybill.vehicle_plate, server.waybill.vehicle_plate_colour)
  return arrival ? plate(arrival.plates.tractor.plate, arrival.plates.tractor.colour) : null
}

function trailerOf({ server, arrival }: Case): Plate | null {
  if (server) return plate(server.waybill.trailer_plate, server.waybill.trailer_plate_colour)
  return arrival?.plates.trailer ? plate(arrival.plates.trailer.plate, arrival.plates.trailer.colour) : null
}

export function plate(number: string | null, colour: string | null): Plate | null {
  return number === null ? null : { plate: number, colour: (colour ?? 'yellow') as Plate['colour'] }
}
