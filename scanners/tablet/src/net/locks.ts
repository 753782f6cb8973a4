/** One at a time, over all tabs of this browser; where there are no locks, within this tab. */

export type Lock = <T>(work: () => Promise<T>) => Promise<T>

export function webLock(name: string): Lock {
  if (typeof navigator === 'undefined' || !('locks' in navigator)) return localLock()
  return <T>(work: () => Promise<T>) => navigator.locks.request(name, work) as Promise<T>
}

export function localLock(): Lock {
  let turn: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>) => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }
}
