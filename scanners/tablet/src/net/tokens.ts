/** Access tokens of the bay sessions: in memory alone, renewed by the device without anybody's PIN. */

import type { WireSession } from '../state/wire'
import type { Api } from './api'
import { Refused } from './failure'

/** Renewed this much before it ends. */
const MARGIN_MS = 30_000

/** A bay session is over: nothing more can be done in its name. */
export class SessionOver extends Error {}

interface Token {
  readonly text: string
  readonly until: number
}

export class Tokens {
  readonly #tokens = new Map<string, Token>()

  constructor(
    readonly api: Api,
    readonly now: () => number,
  ) {}

  keep(session: WireSession): void {
    this.#tokens.set(session.session_id, {
      text: session.access_token,
      until: this.now() + session.expires_in * 1000 - MARGIN_MS,
    })
  }

  drop(session: string): void {
    this.#tokens.delete(session)
  }

  async of(session: string): Promise<string> {
    const kept = this.#tokens.get(session)
    if (kept && kept.until > this.now()) return kept.text
    try {
      const json = JSON.stringify({ session_id: session })
      const { body } = await this.api.call<WireSession>({ method: 'POST', path: '/bay-sessions/renewal', json, device: true })
      this.keep(body)
      return body.access_token
    } catch (error) {
      if (error instanceof Refused && !isAboutDevice(error)) throw new SessionOver()
      throw error
    }
  }
}

/** The server will hear this tablet no more: it was revoked, or nobody there knows it. */
export function isDeviceOver({ code }: Refused): boolean {
  return code === 'device-revoked' || code === 'device-unknown'
}

export function isAboutDevice(refused: Refused): boolean {
  const { code } = refused
  return isDeviceOver(refused) || code === 'device-assertion-refused'
}
