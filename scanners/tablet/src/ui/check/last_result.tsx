import type { Check } from '../../state/model'
import { Shape } from '../drawing/shapes'
import { useSay } from '../hands'
import { check as words } from '../words/check'
import { standings } from '../words/common'
import { ReasonLine, standing } from './reasons'

/** How the last thing did: shape, word and colour; a screen reader says it as it comes. */
export function LastResultCard({ check }: { check: Check }) {
  const say = useSay()
  const { last } = check
  return (
    <section class={`last ${last?.standing ?? 'missing nothing'}`} role="status" aria-live="polite" aria-atomic="true" aria-label={say(words.last)}>
      {last === null ? (
        <p class="last-read">{say(words.nothingYet)}</p>
      ) : (
        <>
          <p class="last-word"><Shape standing={last.standing} /><strong>{say(last.standing === 'missing' ? words.stillMissing : standings[last.standing])}</strong></p>
          <p class="last-read">{say(last.read)}</p>
          {last.note && <p>{say(last.note)}</p>}
          <ul class="reason-lines">
            {standing(last.reasons).slice(0, 2).map((reason, place) => (
              <ReasonLine key={place} reason={reason} say={say} {...(last.standing === 'missing' ? { shape: 'missing' } : {})} />
            ))}
          </ul>
          <p class="quiet small">{say(last.judgedBy === 'server' ? words.byServer : words.byTablet)}</p>
        </>
      )}
    </section>
  )
}
