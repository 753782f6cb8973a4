/** What the server of training answers. */

export type Reply = readonly [status: number, body: unknown]

export function problem(status: number, code: string, zh: string, en: string): Reply {
  return [status, { type: `urn:waybill:problem:${code}`, code, status, title_zh: zh, title_en: en, detail_zh: zh, detail_en: en, errors: [] }]
}
