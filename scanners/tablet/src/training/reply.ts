/** What the server of training answers. */

export type Reply = readonly [status: number, body: unknown]

export function problem(status: number, code: string, zh: string, en: string): Reply {
  return [status, { type: `urn:waybill:problem:${code}`, code, status, title_zh: zh, title_en: en, detail_zh: zh, detail_en: en, errors: [] }]
}

/** A reply on its way; one that was given before says so, as the server does. */
export function responseOf([status, body]: Reply, replayed: boolean): Response {
  const headers = { 'Content-Type': 'application/json', ...(replayed ? { 'Idempotency-Replayed': 'true' } : {}) }
  return new Response(status === 204 ? null : JSON.stringify(body), { status, headers })
}

export const CHECK_OVER = problem(409, 'state', '这次查验已经结束。', 'This check is over.')
export const SESSION_OVER = problem(401, 'bay-session-over', '登录已结束。', 'The sign-on has ended.')
