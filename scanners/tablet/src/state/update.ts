/** The service worker and its next version, which is taken only when nothing can be lost by it. */

import type { Signal } from '@preact/signals'

const WORKER = '/tablet/worker.js'
const LOOK_EVERY_MS = 30 * 60_000

export interface Updates {
  /** Let the waiting version take over; the page loads again once it has. */
  take(): Promise<void>
}

export function watchUpdates(waiting: Signal<boolean>): Updates {
  if (typeof navigator === 'undefined' || !('serviceWorker' in navigator)) return { take: async () => undefined }
  const registering = register(waiting).catch(() => null)
  return {
    take: async () => {
      const registration = await registering
      if (!registration?.waiting) return
      // Only a page that asked for it loads again; the first installation takes over silently.
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
      registration.waiting.postMessage('take')
    },
  }
}

async function register(waiting: Signal<boolean>): Promise<ServiceWorkerRegistration> {
  const registration = await navigator.serviceWorker.register(WORKER, { updateViaCache: 'none' })
  const look = (): void => {
    waiting.value = registration.waiting !== null && navigator.serviceWorker.controller !== null
  }
  look()
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look))
  setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS)
  return registration
}
