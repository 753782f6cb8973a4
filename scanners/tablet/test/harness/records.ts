/** What records tell, as they were sent. */

import { fromBase64Url } from '../../src/core/bytes'

export interface Told {
  readonly decision: string | null
  readonly loading: unknown
  readonly evidence: readonly { readonly type: string; readonly [name: string]: unknown }[]
}

/** The payloads of the records among the bodies that were sent, each number once. */
export function recordsTold(bodies: readonly string[]): readonly Told[] {
  const records = bodies.flatMap((body) => {
    const { record } = JSON.parse(body) as { record?: string }
    return record ? [JSON.parse(new TextDecoder().decode(fromBase64Url(record.split('.')[1] ?? ''))) as Told & { readonly number: string }] : []
  })
  return [...new Map(records.map((each) => [each.number, each])).values()]
}
