/** Chinese number plates in their colours (GA 36-2018); the drawing shows no plate's true size. */

import shapes from '../../../../../api/rendering/shapes.json'
import type { Plate } from '../../state/model'
import { useSay } from '../hands'
import { plateColours } from '../words/plates'

interface Style {
  readonly ground: string
  readonly ink: string
  readonly left?: string
}
const STYLES: Readonly<Record<Plate['colour'], Style>> = shapes.number_plates

/** A plate as people read it: a dot behind province and letter. */
export const spaced = (plate: string): string =>
  plate.length > 2 ? `${plate.slice(0, 2)}·${plate.slice(2)}` : plate

export function NumberPlate({ plate }: { plate: Plate }) {
  const say = useSay()
  const style = STYLES[plate.colour]
  return (
    <svg class="number-plate" viewBox="0 0 200 56" role="img" aria-label={`${plate.plate} ${say(plateColours[plate.colour])}`}>
      <rect x="1" y="1" width="198" height="54" rx="8" fill={style.ground} stroke="#14181f" stroke-width="2" />
      {style.left && <path d="M3 9Q3 3 9 3H50V53H9Q3 53 3 47Z" fill={style.left} />}
      <rect x="5" y="5" width="190" height="46" rx="5" fill="none" stroke={style.ink} stroke-width="1.5" />
      <text
        x="100" y="38" text-anchor="middle" font-size="28" font-weight="700" fill={style.ink}
        textLength={plate.plate.length > 4 ? 164 : undefined} lengthAdjust="spacingAndGlyphs"
      >
        {spaced(plate.plate)}
      </text>
    </svg>
  )
}
