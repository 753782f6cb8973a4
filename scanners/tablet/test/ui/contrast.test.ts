import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('../../src/ui/styles/tokens.css', import.meta.url), 'utf8')
const block = (selector: string): Record<string, string> => {
  const body = css.split(`${selector} {`)[1]?.split('}')[0] ?? ''
  return Object.fromEntries([...body.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, colour]) => [name, colour]))
}
const light = block(':root')
const themes = {
  light,
  dark: { ...light, ...block(':root[data-theme="dark"]') },
  sunlight: { ...light, ...block(':root[data-theme="sunlight"]') },
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
function contrast(one: string, other: string): number {
  const [dark, bright] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number]
  return (bright + 0.05) / (dark + 0.05)
}

const TEXTS = [
  ['ink', 'paper'], ['ink', 'ground'], ['quiet', 'paper'], ['quiet', 'ground'], ['accent', 'paper'], ['accent', 'accent-soft'],
  ['on-accent', 'accent'], ['pass', 'paper'], ['pass', 'pass-soft'], ['refuse', 'paper'], ['refuse', 'refuse-soft'],
  ['open', 'paper'], ['open', 'open-soft'], ['ink', 'accent-soft'], ['ink', 'pass-soft'], ['ink', 'refuse-soft'], ['ink', 'open-soft'],
  ['quiet', 'pass-soft'], ['quiet', 'refuse-soft'], ['quiet', 'open-soft'],
] as const

describe.each(Object.entries(themes))('in the %s theme', (_, tokens: Record<string, string>) => {
  test.each(TEXTS)('%s is read on %s at 7 to 1', (text, ground) => {
    expect(contrast(tokens[text]!, tokens[ground]!)).toBeGreaterThanOrEqual(7)
  })

  test('white is read on the stripe of training at 7 to 1', () => {
    expect(contrast('#ffffff', tokens.train!)).toBeGreaterThanOrEqual(7)
  })
})
