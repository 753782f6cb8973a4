/** Pixels to texts, by zxing-cpp as WebAssembly from our own origin. Runs in the worker. */

import { prepareZXingModule, readBarcodes, type ReadInputBarcodeFormat } from 'zxing-wasm/reader'
import wasmAddress from 'zxing-wasm/reader/zxing_reader.wasm?url'

import type { Look } from './scheduling'

export interface Code {
  readonly text: string
  readonly format: string
}

/** How hard pixels are searched: the part of a look that is zxing's. */
type How = Pick<Look, 'harder' | 'inverted' | 'turned'>

/** Symbologies with a strong check of their own; others find numbers in noise that nobody wrote. */
const FORMATS: ReadInputBarcodeFormat[] = ['QRCode', 'DataMatrix', 'Code128']
/** A sheet of cards may be held up whole. */
const MOST_CODES = 16
/** Pictures that are given in are looked at once, so that one look is as hard as can be. */
const HARDEST: How = { harder: true, inverted: true, turned: true }

/** Resolves once codes can be read; asks for the WebAssembly file at its first call. */
export async function prepareDecoding(): Promise<void> {
  await prepareZXingModule({
    overrides: { locateFile: () => wasmAddress },
    equalityFn: () => true,
    fireImmediately: true,
  })
}

/** Every code in the pixels, the nearest to the middle first: that is where people aim. */
export async function decode(
  pixels: ImageData,
  { harder, inverted, turned }: How = HARDEST,
): Promise<readonly Code[]> {
  await prepareDecoding()
  const found = await readBarcodes(pixels, {
    formats: FORMATS,
    tryHarder: harder,
    tryInvert: inverted,
    tryRotate: turned,
    tryDownscale: harder,
    maxNumberOfSymbols: MOST_CODES,
    textMode: 'Plain',
  })
  const fromMiddle = ({ position: { topLeft, bottomRight } }: (typeof found)[number]) =>
    Math.hypot(
      (topLeft.x + bottomRight.x - pixels.width) / 2,
      (topLeft.y + bottomRight.y - pixels.height) / 2,
    )
  const codes = new Map<string, Code>()
  for (const code of found.sort((one, other) => fromMiddle(one) - fromMiddle(other))) {
    if (code.isValid && code.text && !codes.has(code.text)) {
      codes.set(code.text, { text: code.text, format: code.symbology })
    }
  }
  return [...codes.values()]
}
