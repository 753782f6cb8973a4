/**
 * A QR code as one path. The address becomes a byte segment and the digits a numeric one, so that a
 * digit costs 3.3 bits and the modules stay large for a cheap camera (level M, as the server's screens).
 */

import { correction, generate } from 'lean-qr'

/** ISO/IEC 18004 asks for it; readers miss codes without it. */
const QUIET = 4

export interface QrPath {
  readonly side: number
  readonly path: string
}

/** The dark modules, one rectangle for each run of them, and how many units a side has. */
export function qrPath(text: string): QrPath {
  const code = generate(text, { minCorrectionLevel: correction.M, maxCorrectionLevel: correction.M })
  const runs: string[] = []
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      const start = x
      while (x < code.size && code.get(x, y)) x += 1
      if (x > start) runs.push(`M${start + QUIET} ${y + QUIET}h${x - start}v1h${start - x}z`)
    }
  }
  return { side: code.size + 2 * QUIET, path: runs.join('') }
}

export function QrCode({ text, label }: { text: string; label: string }) {
  const { side, path } = qrPath(text)
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path fill="#fff" d={`M0 0h${side}v${side}H0z`} />
      <path fill="#000" d={path} />
    </svg>
  )
}
