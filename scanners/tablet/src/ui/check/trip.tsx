import type { Check } from '../../state/model'
import { Icon } from '../drawing/icons'
import { NumberPlate } from '../drawing/number_plate'
import { useHands, useSay } from '../hands'
import { amount } from '../times'
import { check as words } from '../words/check'
import { plates } from '../words/plates'

/** Whose check it is. Plates are hidden while one types what stands on the vehicle. */
export function Trip({ check, hidePlates = false }: { check: Check; hidePlates?: boolean }) {
  const say = useSay()
  const { tablet, work } = useHands()
  const { tractor, trailer, number, revision, goods, unsent, contradiction } = check
  return (
    <>
      <div class="trip">
        <button type="button" class="button quiet to-arrivals" aria-label={say(words.toArrivals)} onClick={() => tablet.leave()}>
          <Icon name="back" /><span>{say(words.toArrivals)}</span>
        </button>
        {hidePlates ? <span class="quiet">{say(plates.hidden)}</span> : (
          <span class="trip-plates">
            {tractor && <NumberPlate plate={tractor} />}
            {trailer && <NumberPlate plate={trailer} />}
          </span>
        )}
        <p class="trip-what">
          <span class="mono">{number}{revision !== null && revision > 1 && <span class="nowrap"> · {say(words.revision(revision))}</span>}</span>
          <span class="trip-goods">
            {goods.map(({ position, unNumber, name, quantity, unit }) => (
              <span key={position}><b class="mono">UN {unNumber}</b> {say(name)} <span class="nowrap">{amount(quantity, unit)}</span></span>
            ))}
          </span>
        </p>
        {unsent > 0 && <span class="tag missing">{say(words.unsent(unsent))}</span>}
        {check.phase !== 'over' && (
          <button type="button" class="button quiet danger-word" onClick={() => { work.value = { view: 'abort' } }}>{say(words.abort)}</button>
        )}
      </div>
      {contradiction && (
        <div class="banner warning" role="alert">
          <Icon name="warning" /><p><strong>{say(words.contradiction)}</strong> {say(contradiction)}</p>
        </div>
      )}
    </>
  )
}
