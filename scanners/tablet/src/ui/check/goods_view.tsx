import type { Check } from '../../state/model'
import { StandingTag } from '../kit/notices'
import { useAct, useSay } from '../hands'
import { amount } from '../times'
import { check as words } from '../words/check'
import { CheckPage } from './check_page'
import { ReasonCard, standing } from './reasons'
import { SignsDrawn } from './signs_drawn'
import { standingOf } from './way'

/** What the waybill says is to be loaded. */
export function GoodsView({ check }: { check: Check }) {
  const say = useSay()
  const act = useAct()
  const step = check.steps.find(({ kind }) => kind === 'goods')
  return (
    <CheckPage check={check} title={say(words.goods)} act={act} reads state={<StandingTag standing={standingOf(check, 'goods')} />}>
      <p class="lead">{say(words.goodsLead)}</p>
      <ul class="cards">
        {check.goods.map(({ position, unNumber, name, className, packingGroup, quantity, unit, compartment }) => (
          <li key={position} class="card">
            <p class="goods-line">
              <b class="mono large">UN {unNumber}</b>
              <span class="goods-name"><strong>{say(name)}</strong><span class="quiet">{[className, packingGroup].filter(Boolean).join(' · ')}</span></span>
              <span class="goods-amount mono">{amount(quantity, unit)}</span>
              {compartment !== null && <span class="tag">{say(words.compartment(compartment))}</span>}
            </p>
          </li>
        ))}
      </ul>
      <ul class="cards">{standing(step?.reasons ?? []).map((reason, place) => <ReasonCard key={place} reason={reason} />)}</ul>
      <SignsDrawn signs={check.signs} />
    </CheckPage>
  )
}
