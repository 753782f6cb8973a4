/**
 * The server of training, inside the tablet: the endpoints that the tablet uses, answered from
 * memory. It knows no address and no store, so nothing done with it can reach anything real.
 */

import type { Item } from '../core/evidence'
import { type KeyTable, readKeys } from '../core/keys'
import { localLock } from '../net/locks'
import { present } from '../core/presenting'
import { readWords } from '../state/readings'
import type { WireArrival, WireBundle, WireCheck } from '../state/wire'
import { TRAINING_BADGES, TRAINING_KEY } from './codes'
import { judge, verdictOf } from './judging'
import { arrive, type BaysHeld, CLOSING_LIST, isWhole, recordPart, underWay } from './bays'
import { itemsOf, readPayload, recordAnswer } from './records'
import { CHECK_OVER, problem, type Reply, responseOf, SESSION_OVER } from './reply'
import { BAY, BAYS, bundleAt, LOADER, PHOTOS, QUESTIONS, SUPERVISOR, SUPERVISOR_REFERENCE } from './trips'

interface Held {
  readonly id: string
  readonly arrival: WireArrival
  items: Item[]
  answers: Map<string, string>
  status: 'open' | 'cleared' | 'refused' | 'released' | 'aborted'
  cancelled?: boolean
  readonly bays: BaysHeld
}

interface Request {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
  /** In whose name, where that is not the tablet's own. */
  readonly session: string | null
}

type Handler = (request: Request, ...parts: string[]) => Promise<Reply> | Reply

const SESSION = '0192f000-0000-7000-8000-0000000000'
/** Once a check stands so, its waybill is used; before, it is decided. */
const CLEARED: readonly Held['status'][] = ['cleared', 'released']
const UNDECIDED: readonly Held['status'][] = ['open', 'refused']
const SILENCE = { zh: '', en: '' }

export class TrainingServer {
  readonly checks = new Map<string, Held>()
  /** Whether this tablet was revoked. */
  revoked = false
  /** Whether it has never heard of this tablet. */
  unknown = false
  /** Whether it finds everything otherwise than a tablet did. */
  differs = false
  /** Bay sessions that it holds for ended. */
  readonly over = new Set<string>()
  /** By how much its clock is behind, in milliseconds. */
  behind = 0
  /** How often something was really done, by path; a repeat under the same key is not. */
  readonly done: string[] = []
  readonly #answers = new Map<string, Reply>()
  readonly #inTurn = localLock()
  readonly #released = new Set<string>()
  readonly #records = new Map<string, unknown>()
  /** Items that came with a record. */
  readonly #told = new Set<string>()
  readonly #keys: Promise<KeyTable> = readKeys({ keys: [TRAINING_KEY] })
  readonly #bundle: WireBundle

  constructor(readonly now: () => number) {
    this.#bundle = bundleAt(now())
  }

  readonly fetch = async (address: string, options: RequestInit): Promise<Response> => {
    const url = new URL(address, 'http://training.invalid')
    const path = url.pathname.replace('/api/v1', '')
    const body = typeof options.body === 'string' ? (JSON.parse(options.body) as Record<string, unknown>) : {}
    const headers = new Headers(options.headers)
    const session = headers.get('Authorization')?.replace('Bearer training-', '') ?? null
    const request = { method: options.method ?? 'GET', path, query: url.searchParams, body, session }
    const key = headers.get('Idempotency-Key')
    // One after the other: of two under one key the second gets the first one's answer.
    return this.#inTurn(async () => {
      const known = key === null ? undefined : this.#answers.get(key)
      const given = known ?? (await this.#answer(request))
      if (key !== null && given[0] < 400) this.#answers.set(key, given)
      return responseOf(given, known !== undefined)
    })
  }

  async #answer(request: Request): Promise<Reply> {
    if (request.path === '/devices') this.unknown = false
    if (this.unknown) return problem(401, 'device-unknown', '没有登记此平板。', 'No such tablet was enrolled.')
    if (this.revoked && request.path !== '/tablet/records') return problem(401, 'device-revoked', '平板已停用。', 'This tablet was revoked.')
    if (request.session !== null && this.over.has(request.session)) return SESSION_OVER
    for (const [method, shape, handler] of this.#routes) {
      const found = request.method === method ? shape.exec(request.path) : null
      if (!found) continue
      if (method !== 'GET') this.done.push(request.path)
      return handler(request, ...found.slice(1))
    }
    return problem(404, 'not-found', '演练中没有此功能。', 'Training does not have this.')
  }

  readonly #routes: readonly (readonly [string, RegExp, Handler])[] = [
    ['POST', /^\/devices$/, ({ body }) => [201, this.#enrolled(body.former as never)]],
    ['POST', /^\/bay-sessions$/, ({ body }) => this.#session(String(body.badge), String(body.pin))],
    ['POST', /^\/bay-sessions\/renewal$/, ({ body }) => this.#renewed(String(body.session_id))],
    ['POST', /^\/bay-sessions\/([^/]+)\/end$/, () => [204, null]],
    ['POST', /^\/tablet\/heartbeat$/, () => [200, { server_time: this.#iso(), latest_version: null, revoked: false }]],
    ['GET', /^\/tablet\/bundle$/, () => [200, { ...this.#bundle, server_time: this.#iso(), arrivals: this.#arrivals() }]],
    ['POST', /^\/tablet\/records$/, (request) => this.#record(request)],
    ['PUT', /^\/tablet\/photos\/([0-9a-f]+)$/, () => [201, {}]],
    ['GET', /^\/tablet\/under-way$/, () => [200, { server_time: this.#iso(), items: underWay([...this.checks.values()]) }]],
    ['POST', /^\/checks$/, (request) => this.#open(request)],
    ['GET', /^\/checks\/([^/]+)$/, (_, id) => this.#with(id, (held) => [200, this.#check(held)])],
    ['POST', /^\/checks\/([^/]+)\/scans$/, (request, id) => this.#with(id, (held) => this.#scan(held, request))],
    ['POST', /^\/checks\/([^/]+)\/(plates|presences|answers)$/, (request, id, kind) => this.#with(id, (held) => this.#add(held, request, kind ?? ''))],
    ['POST', /^\/checks\/([^/]+)\/consent$/, (_, id) => this.#with(id, (held) => this.#consent(held))],
    ['POST', /^\/checks\/([^/]+)\/photos$/, ({ query }, id) => this.#with(id, (held) => this.#photo(held, query.get('shows') ?? ''))],
    ['POST', /^\/checks\/([^/]+)\/overrides$/, ({ body }, id) => this.#with(id, (held) => this.#letPass(held, String(body.item)))],
    ['POST', /^\/checks\/([^/]+)\/decision$/, (_, id) => this.#with(id, (held) => (UNDECIDED.includes(held.status) ? this.#decide(held) : CHECK_OVER))],
    ['POST', /^\/checks\/([^/]+)\/release$/, (request, id) => this.#with(id, (held) => this.#release(held, request))],
    ['POST', /^\/checks\/([^/]+)\/bays$/, ({ body }, id) => this.#with(id, (held) => arrive(held, body, this.#iso()))],
    ['POST', /^\/checks\/([^/]+)\/loading-parts$/, ({ body }, id) => this.#with(id, (held) => recordPart(held, body, this.#iso()))],
    ['GET', /^\/checks\/([^/]+)\/release-code$/, () => [200, { text: '/q#000', svg: '' }]],
    ['POST', /^\/checks\/([^/]+)\/abort$/, (_, id) => this.#with(id, (held) => this.#abort(held))],
  ]

  #enrolled(former?: { readonly device_id: string }): unknown {
    const facility = { id: BAY.id, name_zh: '演练装货区', name_en: 'Training bay' }
    return { device_id: former?.device_id ?? '0192f000-0000-7000-8000-0000000000e1', label: '演练', facility, bays: BAYS, prefix: 'TRNG', server_time: this.#iso() }
  }

  #session(badge: string, pin: string): Reply {
    const { loader, supervisor } = TRAINING_BADGES
    if (badge === loader.badge && pin === loader.pin) return [201, this.#signedOn(LOADER, this.#anew('d'))]
    if (badge === supervisor.badge && pin === supervisor.pin) return [201, this.#signedOn(SUPERVISOR, this.#anew('e'))]
    return problem(401, 'wrong-badge', '演练请用演练工牌，PIN 为 000000。', 'In training use its own badge; the PIN is 000000.')
  }

  /** The session of who signs on: a further one where the former has ended. */
  #anew(whose: string): string {
    let nth = 1
    while (this.over.has(`${SESSION}${whose}${nth}`)) nth += 1
    return `${SESSION}${whose}${nth}`
  }

  #renewed(session: string): Reply {
    return this.over.has(session) ? SESSION_OVER : [201, this.#signedOn(LOADER, session)]
  }

  #signedOn(person: unknown, session: string): unknown {
    return { session_id: session, access_token: `training-${session}`, expires_in: 900, server_time: this.#iso(), person, unlock: this.#unlock() }
  }

  /** The PIN of training is no secret, so that its verifier need not be slow. */
  #unlock(): unknown {
    return { salt: 'AAAAAAAAAAAAAAAAAAAAAA', iterations: 10, good_until: new Date(this.now() + 12 * 3_600_000).toISOString() }
  }

  #arrivals(): readonly WireArrival[] {
    return this.#bundle.arrivals.map((arrival) => (this.#released.has(arrival.waybill_id) ? { ...arrival, status: 'released' } : arrival))
  }

  async #open({ body }: Request): Promise<Reply> {
    const { item, problem: wrong } = await present(String(body.text), await this.#keys, new Date(this.now()), body.typed === true, 'waybill')
    const arrival = this.#bundle.arrivals.find((each) => each.waybill_id === item?.subject || each.number === String(body.text).trim())
    if (!item || wrong === 'bad-signature' || !arrival) {
      const words = { zh: '演练中没有该运单，请用演练码。', en: 'Training has no such waybill: use its own codes.' }
      return [200, { opened: false, read: readWords(item), problem: wrong || 'no-such-waybill', problem_words: words, check: null }]
    }
    const scan: Item = item.kind === 'waybill' ? { ...item, subject: arrival.waybill_id } : item
    const held = this.#begin(arrival, [scan], String(body.bay_id))
    return [201, { opened: true, read: readWords(scan), problem: '', problem_words: SILENCE, check: this.#check(held) }]
  }

  #begin(arrival: WireArrival, items: Item[], bay: string = BAY.id): Held {
    const held: Held = { id: crypto.randomUUID(), arrival, items, answers: new Map(), status: 'open', bays: { checkedAt: bay, items: [] } }
    this.checks.set(held.id, held)
    return held
  }

  async #scan(held: Held, { body }: Request): Promise<Reply> {
    const expected = (body.expected ?? null) as never
    const shown = await present(String(body.text), await this.#keys, new Date(this.now()), body.typed === true, expected)
    return this.#added(held, shown.item, shown.problem)
  }

  #add(held: Held, { body }: Request, kind: string): Reply {
    const type = kind.slice(0, -1)
    const item = { reference: '', ...body, type, at: this.#iso() } as unknown as Item
    if (item.type === 'answer') held.answers.set(item.question, item.answer)
    return this.#added(held, item, '')
  }

  #photo(held: Held, shows: string): Reply {
    return this.#added(held, { type: 'photo', shows, sha256: '', at: this.#iso() }, '')
  }

  #consent(held: Held): Reply {
    const item: Item = { type: 'consent', by: SUPERVISOR.user_id, reference: SUPERVISOR_REFERENCE, given: 'yes', at: this.#iso() }
    held.items = [...held.items, item]
    return [201, item]
  }

  #letPass(held: Held, question: string): Reply {
    held.answers.set(question, 'yes')
    return this.#added(held, { type: 'answer', question, answer: 'yes', at: this.#iso() }, '')
  }

  #added(held: Held, item: Item | null, wrong: string): Reply {
    if (item) held.items = [...held.items, item]
    const judged = this.#judge(held)
    const about = item?.type === 'scan' ? item.kind : item?.type === 'plate' ? item.unit : item?.type === 'presence' ? item.role : item?.type === 'answer' ? item.question : ''
    const own = judged.reasons.filter((reason) => reason.about === about)
    const failed = wrong !== '' || own.some((reason) => reason.contradicts)
    const outcome = !item ? 'unknown' : failed ? 'failed' : own.length > 0 ? 'unknown' : 'passed'
    const { findings } = verdictOf({ ...judged, reasons: own }, new Date(this.now()))
    const problem_words = wrong ? { zh: '该码不能通过核实。', en: 'This code does not hold.' } : SILENCE
    const steps = held.status === 'cleared' ? [] : judged.steps
    return [201, { outcome, item, read: readWords(item), problem: wrong, problem_words, note: SILENCE, findings, steps, would_clear: judged.clears }]
  }

  #decide(held: Held): Reply {
    const judged = this.#judge(held)
    held.status = judged.clears ? 'cleared' : 'refused'
    const verdict = verdictOf(judged, new Date(this.now()))
    const { id, arrival } = held
    return [201, { check_id: id, waybill_id: arrival.waybill_id, decided_at: this.#iso(), cleared: judged.clears, verdict, steps: judged.steps }]
  }

  #release(held: Held, { body }: Request): Reply {
    if (held.status !== 'cleared') return problem(409, 'state', '尚未准装。', 'It is not cleared.')
    if (!isWhole(held, body)) return problem(422, 'invalid-field', '须逐行填写实装量，每行一次。', 'Give each line once.')
    const missing = QUESTIONS.filter((each) => each.phase === 'after_loading' && held.answers.get(each.id) !== 'yes')
    const reasons = missing.map(({ id }) => ({ code: 'answer-missing', about: id, contradicts: false }))
    const released = missing.length === 0
    if (released) {
      held.status = 'released'
      this.#released.add(held.arrival.waybill_id)
    }
    const verdict = verdictOf({ reasons, steps: [], clears: released }, new Date(this.now()), 'after_loading')
    return [201, { check_id: held.id, waybill_id: held.arrival.waybill_id, judged_at: this.#iso(), released, record_digest: '', verdict }]
  }

  #abort(held: Held): Reply {
    held.status = 'aborted'
    return [201, { check_id: held.id, waybill_id: held.arrival.waybill_id, aborted_at: this.#iso() }]
  }

  /** Judge a record again, once however often it is sent. */
  async #record({ body }: Request): Promise<Reply> {
    const payload = readPayload(String(body.record))
    const known = this.#records.get(payload.number)
    if (known) return [200, known]
    const arrival = this.#bundle.arrivals.find((each) => each.waybill_id === payload.waybill.id)
    let held = this.checks.get(payload.check_id ?? '')
    if (!held && arrival) held = this.#begin(arrival, [])
    if (held) held.items = [...held.items, ...(await itemsOf(payload, await this.#keys, (id) => this.#answers.has(id) || this.#told.has(id)))]
    for (const { id } of payload.evidence) this.#told.add(id)
    const judged = held && this.#judge(held)
    const cleared = (judged?.clears ?? false) && !this.differs
    if (held && payload.decision && (UNDECIDED.includes(held.status))) held.status = cleared ? 'cleared' : 'refused'
    const told = recordAnswer(payload, held?.id ?? null, cleared)
    this.#records.set(payload.number, told)
    return [201, told]
  }

  #check(held: Held): WireCheck {
    const { arrival } = held
    const judged = this.#judge(held)
    const phase = held.status === 'cleared' || held.status === 'released' ? 'after_loading' : 'before_loading'
    const said = (id: string): boolean | null => (held.answers.has(id) ? held.answers.get(id) === 'yes' : null)
    return {
      summary: { id: held.id, waybill_id: arrival.waybill_id, revision: arrival.revision, status: held.status, bay_id: held.bays.checkedAt },
      waybill: {
        id: arrival.waybill_id,
        number: arrival.number,
        revision: arrival.revision,
        status: held.cancelled ? 'cancelled' : 'issued',
        vehicle_plate: arrival.plates.tractor.plate,
        vehicle_plate_colour: arrival.plates.tractor.colour,
        trailer_plate: arrival.plates.trailer?.plate ?? null,
        trailer_plate_colour: arrival.plates.trailer?.colour ?? null,
        tank_number: arrival.expected.tank?.subject ?? null,
      },
      goods: arrival.goods,
      steps: judged.steps,
      would_clear: judged.clears,
      questions: QUESTIONS.filter((each) => each.phase === phase).map((each) => ({ ...each, answer: said(each.id) })),
      photos: PHOTOS.map((photo) => ({ ...photo, taken: held.items.some((item) => item.type === 'photo' && item.shows === photo.shows) })),
      signs: arrival.signs,
      items: held.bays.items,
      closing_list: held.status === 'cleared' ? CLOSING_LIST : [],
      ...(held.status === 'open' ? { earlier_id: this.#earlier(held) } : {}),
      still_standing: judged.steps.filter((step) => step.needed && step.state === 'passed').map((step) => step.kind),
      to_show_again: judged.steps.flatMap(({ kind, needed, state }) => (needed && state !== 'passed' ? [{ step: kind, why: state }] : [])),
    }
  }

  /** A refused check of the same waybill at the same bay. */
  #earlier({ id, arrival, bays }: Held): string | null {
    const refused = [...this.checks.values()].filter((held) => held.id !== id && held.status === 'refused' && held.arrival === arrival)
    return refused.findLast((held) => held.bays.checkedAt === bays.checkedAt)?.id ?? null
  }

  #judge(held: Held): ReturnType<typeof judge> {
    const used = [...this.checks.values()].some((other) => other !== held && other.arrival === held.arrival && CLEARED.includes(other.status))
    return judge(used ? { ...held.arrival, status: 'cleared' } : held.arrival, this.#bundle, held.items, new Date(this.now()), LOADER.user_id)
  }

  #with(id: string | undefined, work: (held: Held) => Promise<Reply> | Reply): Promise<Reply> | Reply {
    const held = this.checks.get(id ?? '')
    return held ? work(held) : problem(404, 'not-found', '没有该次查验。', 'There is no such check.')
  }

  #iso(): string {
    return new Date(this.now() - this.behind).toISOString()
  }
}
