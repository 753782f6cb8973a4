/** The two ways in which a request fails: nobody knows (try again), or the server said no. */

import type { Words } from '../state/model'

/** No answer, or one that says "later": the same request may be made again. */
export class Unreachable extends Error {
  constructor(
    readonly why: string,
    /** Whether the request may have arrived all the same. */
    readonly sent: boolean,
    /** Milliseconds after which the server asked to be tried again. */
    readonly after: number | null = null,
    /** What the server said to it, where it said something. */
    readonly said: Refused | null = null,
  ) {
    super(why)
  }
}

export interface FieldFault {
  readonly pointer: string
  readonly words: Words
}

/** The server answered that this cannot be done, with its reasons (RFC 9457). */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly words: Words,
    readonly nextStep: Words | null,
    readonly fields: readonly FieldFault[],
  ) {
    super(`${status} ${code}`)
  }
}

interface Problem {
  readonly type?: string
  readonly code?: string
  readonly title_zh?: string
  readonly title_en?: string
  readonly detail_zh?: string
  readonly detail_en?: string
  readonly next_step_zh?: string
  readonly next_step_en?: string
  readonly errors?: readonly { pointer: string; message_zh: string; message_en: string }[]
}

const TYPE_PREFIX = 'urn:waybill:problem:'

/** Too large for whatever stands before the server: it will be as large the next time. */
const TOO_LARGE = 413

/**
 * What the server said no to. Throws where the answer breaks off, as half a refusal may be another
 * one, and where nobody speaks as the server does: a network that asks people to sign in, or a proxy
 * before a server that is away, refuses in words of its own.
 */
export async function refusedBy(answer: Response): Promise<Refused> {
  const problem = problemIn(await answer.text())
  if (!problem.code && !problem.type && answer.status !== TOO_LARGE) throw new Error(`status ${answer.status}`)
  const code = problem.code ?? problem.type?.replace(TYPE_PREFIX, '') ?? `http-${answer.status}`
  return new Refused(
    answer.status,
    code,
    {
      zh: problem.detail_zh || problem.title_zh || `服务器未接受（${answer.status}）。`,
      en: problem.detail_en || problem.title_en || `The server refused (${answer.status}).`,
    },
    problem.next_step_zh ? { zh: problem.next_step_zh, en: problem.next_step_en ?? problem.next_step_zh } : null,
    (problem.errors ?? []).map((fault) => ({
      pointer: fault.pointer,
      words: { zh: fault.message_zh, en: fault.message_en },
    })),
  )
}

function problemIn(text: string): Problem {
  try {
    return (JSON.parse(text) ?? {}) as Problem
  } catch {
    return {}
  }
}
