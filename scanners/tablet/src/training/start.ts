/** A tablet in training: ready at the arrivals, with its own server, in a store that forgets. */

import { localLock } from '../net/locks'
import { type Engine, makeEngine } from '../state/engine'
import type { Settings } from '../state/model'
import type { Store } from '../store/store'
import { TRAINING_BADGES } from './codes'
import { TrainingServer } from './server'
import { BAY } from './trips'

export async function startedTraining(store: Store, settings?: Settings): Promise<Engine> {
  const now = (): number => Date.now()
  const engine = await makeEngine({
    store,
    fetch: new TrainingServer(now).fetch,
    now,
    lock: localLock(),
    numbering: localLock(),
    writing: localLock(),
    training: true,
    connected: () => true,
    announce: () => undefined,
  })
  if (settings) engine.change(settings)
  await engine.enrol('TRAINING')
  await engine.chooseBay(BAY.id)
  await engine.refresh()
  await engine.signOn(TRAINING_BADGES.loader.badge, TRAINING_BADGES.loader.pin)
  return engine
}
