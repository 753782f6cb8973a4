/**
 * The service worker: keeps the files of one build, so that the tablet starts without network.
 *
 * It never takes over by itself. A new version waits until the page says that nothing is unsent and
 * no check is open; see `state/update.ts`. It touches neither the API nor anything that was kept.
 */

export type {}

declare const self: ServiceWorkerGlobalScope

const SCOPE = '/tablet/'
const CACHE = 'waybill-tablet-'
const { version, files } = __PRECACHE__
const kept = new Set(files.map((name) => SCOPE + name))

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(CACHE + version).then((cache) =>
      // `no-cache` asks the server whether a file is still that one, whatever the browser has kept.
      cache.addAll([...kept].map((address) => new Request(address, { cache: 'no-cache' }))),
    ),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()))
})

self.addEventListener('message', (event) => {
  if (event.data === 'take') event.waitUntil(self.skipWaiting())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate' && pathname.startsWith(SCOPE)) event.respondWith(fromCache(`${SCOPE}index.html`, request))
  else if (kept.has(pathname)) event.respondWith(fromCache(pathname, request))
})

async function fromCache(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE + version)
  return (await cache.match(address)) ?? fetch(request)
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith(CACHE) && name !== CACHE + version)
  await Promise.all(old.map((name) => caches.delete(name)))
}
