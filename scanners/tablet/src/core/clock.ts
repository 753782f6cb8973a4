/** This device's clock beside the server's. */

/** Off by more than this, people are told. */
export const CLOCK_WRONG_MS = 90_000

/** Device minus server, half of the round trip allowed for; `null` for what is no time. */
export function offsetFrom(serverTime: string, sentAt: number, receivedAt: number): number | null {
  const server = Date.parse(serverTime)
  return Number.isNaN(server) ? null : Math.round((sentAt + receivedAt) / 2 - server)
}

/** The moment by the server's clock, as far as it is known. */
export function serverNow(deviceNow: number, offset: number | null): Date {
  return new Date(deviceNow - (offset ?? 0))
}

/** ISO 8601 in UTC with whole seconds, as the server writes moments. */
export function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
