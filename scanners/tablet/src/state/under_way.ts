/** Trips that bays of this facility have cleared and nobody has released: any bay can go on with them. */

import type { Context } from './context'
import { afterLook } from './answers'
import { look } from './deeds'
import { asked } from './enrolling'
import { Refusal } from './model'
import { newCase } from './new_case'
import type { WireCheck } from './wire'
import type { WireUnderWay } from './wire_bays'

/** Ask which they are. */
export async function refreshUnderWay(context: Context): Promise<void> {
  if (!context.device.peek()) return
  const { body } = await context.api.call<{ items: readonly WireUnderWay[] }>({ method: 'GET', path: '/tablet/under-way', device: true })
  context.underWay.value = body.items
}

/** Go on with one at the bay of this tablet. Nothing is changed at the server by that. */
export async function takeOver(context: Context, checkId: string): Promise<string> {
  const bay = context.device.peek()?.bay ?? ''
  const server = await asked(async () => {
    const token = await context.tokens.of(context.person().session)
    return context.api.call<WireCheck>({ method: 'GET', path: `/checks/${checkId}`, token })
  })
  if (server.summary.status !== 'cleared' || server.waybill.status === 'cancelled') throw new Refusal('not-under-way', NOT_UNDER_WAY, NOT_UNDER_WAY_CURE)
  const going = [...context.journal.cases.peek().values()].find((held) => held.serverId === checkId && held.phase !== 'over')
  const arrival = context.kept.peek()?.bundle.arrivals.find((each) => each.waybill_id === server.waybill.id) ?? null
  const { id: waybillId, number, revision } = server.waybill
  if (going) {
    await look(context, going.key)
    return going.key
  }
  const held = newCase(context, { bay, text: number ?? '', typed: true, arrival, waybillId, revision })
  await context.journal.change(() => ({ cases: [afterLook(held, server)] }))
  return held.key
}

const NOT_UNDER_WAY = { zh: '该车已放行或中止，不再装货。', en: 'It is released or aborted: nothing more is loaded.' }
const NOT_UNDER_WAY_CURE = { zh: '请更新列表。', en: 'Refresh the list.' }
