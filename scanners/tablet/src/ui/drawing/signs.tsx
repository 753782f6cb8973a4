/**
 * Orange plates, placards and marks, true in proportion and colour (GB 13392; ADR 2025, 5.2.2.2.2,
 * 5.3.1.7, 5.3.2.2, 5.3.3, 5.3.6). Symbols are simplified: they show what must be seen on a
 * vehicle and are no artwork to make signs from.
 */

import shapes from '../../../../../api/rendering/shapes.json'
import { Figures, Symbol, drawable } from './figures'

const ORANGE = '#f28c00'
const BLACK = '#000'
const SIDE = 400
const MIDDLE = SIDE / 2
const EDGE = 6
/** Where the line 12.5 mm inside the edge meets the axes, where a side of 250 mm is 274 units. */
const INNER = 26
/** Of the plate, 400 × 300 mm. */
const PLATE_LINE = 15

interface Look {
  readonly upper: string
  readonly figure: string
  readonly ink: string
  readonly lower?: string
  readonly symbol?: string
  readonly figure_ink?: string
  readonly stripes?: string
  readonly large?: string
}
const LOOKS: Readonly<Record<string, Look>> = shapes.placards
const SAME: Readonly<Record<string, string>> = { '7X': '7', '7E': '7', '7A': '7', '7B': '7', '7C': '7' }

/** The orange plate with both numbers; without a hazard number it is plain orange. */
export function OrangePlate({ upper, lower, label }: { upper: string; lower: string; label: string }) {
  const inset = PLATE_LINE / 2
  const numbered = upper !== '' && drawable(upper + lower)
  const middle = (PLATE_LINE + 150 - inset) / 2
  return (
    <svg class="orange-plate" viewBox="0 0 400 300" role="img" aria-label={label}>
      <rect
        x={inset} y={inset} width={400 - PLATE_LINE} height={300 - PLATE_LINE} rx="10"
        fill={ORANGE} stroke={BLACK} stroke-width={PLATE_LINE}
      />
      {numbered && (
        <>
          <path d="M0 150H400" stroke={BLACK} stroke-width={PLATE_LINE} />
          <Figures text={upper} ink={BLACK} middle={200} top={middle - 50} height={100} />
          <Figures text={lower} ink={BLACK} middle={200} top={250 - middle} height={100} />
        </>
      )}
    </svg>
  )
}

/** The key of the label's drawing, and on class 1 the division that stands in it (`1.1D`). */
export function placardOf(label: string): { readonly key: string; readonly division: string } | null {
  const plain = SAME[label] ?? label
  if (plain in LOOKS) return { key: plain, division: '' }
  const division = /^(1\.[1-6])[A-HJ-LNS]?$/.exec(plain)?.[1]
  if (division === undefined) return null
  return { key: division in LOOKS ? division : '1', division: plain }
}

/** A placard by its label; one that we cannot draw is shown by its label in a plain diamond. */
export function Placard({ label, name }: { label: string; name: string }) {
  const found = placardOf(label)
  const look = found && LOOKS[found.key]
  return (
    <svg class="placard" viewBox="0 0 400 400" role="img" aria-label={`${label} ${name}`}>
      {look && found ? <Drawn look={look} name={found.key} division={found.division} /> : <Plain text={label} />}
    </svg>
  )
}

function Drawn({ look, name, division }: { look: Look; name: string; division: string }) {
  const inner = (MIDDLE - INNER) / (MIDDLE - EDGE)
  return (
    <>
      <path d={diamond(1)} fill={look.upper} />
      {look.lower && <path d={`M${EDGE} ${MIDDLE}H${SIDE - EDGE}L${MIDDLE} ${SIDE - EDGE}Z`} fill={look.lower} />}
      {look.stripes && <path d={stripes(name === '4.1')} fill={look.stripes} />}
      <path d={diamond(inner)} fill="none" stroke={look.lower ? BLACK : look.ink} stroke-width="4" />
      <path d={diamond(1)} fill="none" stroke={BLACK} stroke-width="3" />
      {look.symbol && (
        <Symbol
          name={look.symbol}
          ink={look.ink}
          place={look.symbol === 'battery' ? 'translate(150 205)' : 'translate(132 56) scale(1.36)'}
        />
      )}
      {look.large && <Figures text={look.large} ink={look.ink} middle={MIDDLE} top={110} height={90} />}
      {name === '1' && division !== '' && <SignText y={262} text={division} ink={look.ink} />}
      <Figures text={look.figure} ink={look.figure_ink ?? look.ink} middle={MIDDLE} top={306} height={38} />
      {(name === '9' || name === '9A') && <path d="M182 352H218" stroke={BLACK} stroke-width="4" />}
    </>
  )
}

function Plain({ text }: { text: string }) {
  return (
    <>
      <path d={diamond(1)} fill="#fff" stroke={BLACK} stroke-width="6" />
      <SignText y={222} text={text} ink={BLACK} />
    </>
  )
}

/** Marks that stand beside the placards: elevated temperature, hazardous to the environment. */
export function Mark({ kind, name }: { kind: string; name: string }) {
  return (
    <svg class="placard" viewBox="0 0 400 400" role="img" aria-label={name}>
      {MARKS[kind] ?? <Plain text="!" />}
    </svg>
  )
}

const MARKS: Readonly<Record<string, preact.JSX.Element>> = {
  elevated_temperature: (
    <>
      <path d="M200 44L376 352H24Z" fill="#fff" stroke="#d8232a" stroke-width="28" stroke-linejoin="round" />
      <g fill="none" stroke="#d8232a" stroke-width="12" stroke-linecap="round">
        <path d="M188 252V168A12 12 0 0 1 212 168V252A28 28 0 1 1 188 252Z" />
        <path d="M200 274V200M240 180H262M240 212H262M240 244H262" />
      </g>
    </>
  ),
  environmentally_hazardous: (
    <>
      <path d={diamond(1)} fill="#fff" stroke={BLACK} stroke-width="12" />
      <path
        d="M56 256H344M128 256V150M128 206L92 170M128 190L164 152M128 170L106 138M128 164L150 128"
        fill="none" stroke={BLACK} stroke-width="11" stroke-linecap="round"
      />
      <path d="M176 262C214 214 280 214 312 244L344 222V284L312 264C280 296 214 306 176 262Z" />
      <path d="M196 252L208 264M208 252L196 264" stroke="#fff" stroke-width="5" />
    </>
  ),
}

function SignText({ y, text, ink }: { y: number; text: string; ink: string }) {
  return (
    <text x={MIDDLE} y={y} font-size="58" font-weight="700" text-anchor="middle" font-family="Arial, sans-serif" fill={ink}>
      {text}
    </text>
  )
}

function diamond(scale: number): string {
  const reach = (MIDDLE - EDGE) * scale
  const near = MIDDLE - reach
  const far = MIDDLE + reach
  return `M${MIDDLE} ${near}L${far} ${MIDDLE}L${MIDDLE} ${far}L${near} ${MIDDLE}Z`
}

/** Seven upright stripes as wide as their gaps, cut to the label or its upper half. */
export function stripes(whole: boolean): string {
  const width = 26
  return [-3, -2, -1, 0, 1, 2, 3]
    .map((number) => {
      const left = MIDDLE + number * 2 * width - width / 2
      const right = left + width
      const reach = (x: number): number => MIDDLE - EDGE - Math.abs(x - MIDDLE)
      const peak = number === 0 ? `L${MIDDLE} ${EDGE}` : ''
      const foot = number === 0 && whole ? `L${MIDDLE} ${SIDE - EDGE}` : ''
      const end = (x: number): number => (whole ? MIDDLE + reach(x) : MIDDLE)
      return (
        `M${left} ${MIDDLE - reach(left)}${peak}L${right} ${MIDDLE - reach(right)}` +
        `L${right} ${end(right)}${foot}L${left} ${end(left)}Z`
      )
    })
    .join('')
}
