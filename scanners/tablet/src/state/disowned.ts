/** A tablet that the server has revoked, or of which it knows nothing. */

import type { Change } from '../store/store'
import { isUnsent } from './acts'
import type { Context } from './context'
import { convert } from './deciding'
import type { SettingsRow } from './places'

/**
 * The server knows nothing of this tablet, as after its database was restored from an older copy.
 * That is no order to forget: nobody can do anything here, and all that waits is kept, sealed.
 */
export async function becomeUnknown(context: Context): Promise<void> {
  if (!context.settings.peek().unknown) await keepSettings(context, { unknown: true })
}

export async function knownAgain(context: Context): Promise<void> {
  if (context.settings.peek().unknown) await keepSettings(context, { unknown: false })
}

/**
 * Revoked: from this moment nobody can do or read anything here. What was done and never sent is
 * evidence all the same: it is signed and waits, sealed, for this very contact with the server.
 */
export async function windUp(context: Context): Promise<void> {
  if (!context.device.peek()) return
  const { journal } = context
  if (!context.settings.peek().revoked) await keepSettings(context, { revoked: true })
  context.open.value = null
  const checks = new Set(journal.unsent().flatMap(({ kind, check }) => (kind === 'record' || check === null ? [] : [check])))
  for (const check of checks) await convert(context, check, 'last')
  await journal.change(() => {
    const gone = journal.acts.peek().filter((act) => !(act.kind === 'record' && isUnsent(act)))
    const people = context.people.peek().map(({ userId }): Change => ({ place: 'people', remove: userId }))
    const photos = gone.flatMap(({ photo }): readonly Change[] => (photo === null ? [] : [{ place: 'photos', remove: photo }]))
    return {
      remove: { cases: [...journal.cases.peek().keys()], acts: gone.map(({ seq }) => seq) },
      more: [...people, ...photos, { place: 'kept', remove: 'bundle' }],
    }
  })
  context.people.value = []
  context.kept.value = null
  context.underWay.value = []
  await endWindingUp(context)
}

/** Once nothing waits any more the keys go too. */
export async function endWindingUp(context: Context): Promise<void> {
  if (context.settings.peek().revoked && context.device.peek() && context.journal.unsent().length === 0) await forget(context)
}

/** Everything goes, the keys with it; what is left knows only that it was revoked. */
async function forget(context: Context): Promise<void> {
  await context.store.clear()
  await keepSettings(context, { revoked: true })
  context.device.value = null
  context.journal.forget()
}

async function keepSettings(context: Context, said: Partial<SettingsRow>): Promise<void> {
  const settings: SettingsRow = { ...context.settings.peek(), ...said }
  context.settings.value = settings
  await context.store.write([{ place: 'device', key: 'settings', put: settings }])
}
