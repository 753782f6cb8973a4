/** Pictures in which this tablet finds no code are read by the server, which keeps none of them. */

import type { Context } from './context'

const PICTURE_MS = 20_000

/** The texts of a picture's codes. It rejects where nobody can be asked. */
export async function readPicture(context: Context, picture: Blob): Promise<readonly string[]> {
  if (!context.outside.connected()) return []
  const token = await context.tokens.of(context.person().session)
  const body = new FormData()
  body.set('picture', picture, 'picture.jpg')
  const answer = await context.api.call<{ texts: readonly string[] }>({ method: 'POST', path: '/pictures', body, token, timeoutMs: PICTURE_MS })
  return answer.body.texts
}
