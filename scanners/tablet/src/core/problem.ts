/** Why a code is refused: the same stable words as the server's `QrError`. */

export type QrCode =
  | 'too-long' | 'no-marker' | 'no-digits' | 'not-ascii-digits' | 'group-out-of-range' | 'bad-length'
  | 'unknown-version' | 'truncated' | 'malformed' | 'not-deflate' | 'inflate-limit' | 'unknown-key'
  | 'bad-signature' | 'bad-key' | 'not-json' | 'not-an-object' | 'missing-claim' | 'bad-claim'
  | 'unknown-kind' | 'wrong-kind' | 'wrong-issuer' | 'key-revoked' | 'key-not-in-force'
  | 'issued-in-future' | 'not-yet-valid' | 'expired'

export class QrProblem extends Error {
  constructor(
    readonly code: QrCode,
    /** The claim or key to blame, or empty. */
    readonly subject = '',
  ) {
    super(subject ? `${code}: ${subject}` : code)
  }
}
