/**
 * The figures and symbols of plates and placards, as the server draws them and from the same file.
 * A figure is a centre line in a box of 60 × 100, drawn with a pen of 15 (ADR 2025, 5.3.2.2.2).
 */

import shapes from '../../../../../api/rendering/shapes.json'

const { pen: PEN, width: WIDTH, height: HEIGHT, gap: GAP } = shapes.figure
const LINES: Readonly<Record<string, string>> = shapes.figure.lines
const SYMBOLS: Readonly<Record<string, string>> = shapes.symbols

export const FIGURE_HEIGHT = HEIGHT

const widthOf = (figure: string): number => (figure === '.' ? PEN : WIDTH)

/** Whether every character of a text has a figure; a plate that cannot be drawn right is left plain. */
export const drawable = (text: string): boolean => [...text].every((figure) => figure in LINES)

/** How wide a line of figures is, in the unit in which it is 100 high. */
export const lineWidth = (text: string): number =>
  text === '' ? 0 : [...text].reduce((sum, figure) => sum + widthOf(figure) + GAP, -GAP)

interface FiguresProps {
  readonly text: string
  readonly ink: string
  /** Where the middle of the line stands, and how high it is. */
  readonly middle: number
  readonly top: number
  readonly height: number
}

/** A line of figures, centred. */
export function Figures({ text, ink, middle, top, height }: FiguresProps) {
  const scale = height / HEIGHT
  const left = middle - (lineWidth(text) * scale) / 2
  let x = PEN / 2
  return (
    <g
      transform={`translate(${left} ${top}) scale(${scale})`}
      fill="none"
      stroke={ink}
      stroke-width={PEN}
      stroke-linejoin="round"
    >
      {[...text].map((figure, place) => {
        const at = x
        x += widthOf(figure) + GAP
        return <path key={place} transform={`translate(${at} ${PEN / 2})`} d={LINES[figure] ?? ''} />
      })}
    </g>
  )
}

/** A symbol of our own in a box of 100 × 100; its markup is part of the build, never of an answer. */
export function Symbol({ name, ink, place }: { name: string; ink: string; place: string }) {
  // The symbols' own marks say `currentColor`; the attribute is not among those Preact's types know.
  const colour = { color: ink }
  return (
    <g
      transform={place}
      fill="currentColor"
      {...colour}
      dangerouslySetInnerHTML={{ __html: SYMBOLS[name] ?? '' }}
    />
  )
}
