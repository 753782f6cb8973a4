import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Check } from '../../state/model'
import { ProblemNotice } from '../kit/notices'
import { useAct, useHands } from '../hands'
import { AbortView } from './abort_view'
import { ArriveView } from './arrive_view'
import { EarlierView } from './earlier_view'
import { GoodsView } from './goods_view'
import { LetPassView } from './let_pass_view'
import { LoadingView } from './loading_view'
import { NumberView } from './number_view'
import { PeopleView } from './people_view'
import { PhotosView } from './photos_view'
import { PlateView } from './plate_view'
import { QuestionsView } from './questions_view'
import { ScanView } from './scan_view'
import { SpotView } from './spot_view'
import { VerdictScreen } from './verdict_screen'
import { beginning } from './way'

/** One check: wherever one is in it, a scanner that types is heard. */
export function CheckScreen() {
  const { tablet, work, eyes } = useHands()
  const check = tablet.check.value
  const seen = useRef<{ key: string; verdict: number | null } | null>(null)
  // Before anything is painted: a verdict takes the screen at once, not a moment after its check.
  useLayoutEffect(() => {
    if (check === null) return
    const verdict = check.verdict?.at ?? null
    if (seen.current?.key !== check.key) work.value = work.peek().view === 'scan' ? beginning(check) : work.peek()
    else if (verdict !== null && verdict !== seen.current.verdict) work.value = { view: 'verdict' }
    seen.current = { key: check.key, verdict }
  }, [check?.key, check?.verdict?.at])
  useEffect(() => () => { work.value = { view: 'scan', expected: null } }, [])
  // What is wrong with a code is said by the check's last result; that one was not taken at all, here.
  const act = useAct()
  useLayoutEffect(() => eyes.listen(({ text, through }) => void act.beside(() => tablet.show(text, through, null))), [])
  useEffect(() => act.complain(null), [check?.key, check?.last?.at, check?.verdict?.at, work.value])
  return check && (
    <>
      {act.problem && <div class="page-problem"><ProblemNotice problem={act.problem} /></div>}
      <View check={check} />
    </>
  )
}

function View({ check }: { check: Check }) {
  const { work } = useHands()
  const { value } = work
  if (check.earlier !== null) return <EarlierView check={check} earlier={check.earlier} />
  switch (value.view) {
    case 'scan': return <ScanView check={check} expected={value.expected} />
    case 'number': return <NumberView check={check} expected={value.expected} />
    case 'plate': return <PlateView key={value.unit} check={check} unit={value.unit} />
    case 'people': return <PeopleView check={check} />
    case 'goods': return <GoodsView check={check} />
    case 'questions': return <QuestionsView key={value.group} check={check} group={value.group} />
    case 'let_pass': return <LetPassView check={check} question={value.question} />
    case 'photos': return <PhotosView check={check} />
    case 'spot': return <SpotView check={check} />
    case 'loading': return check.bays && check.bays.arrival !== 'here'
      ? <ArriveView key={check.bays.here.id} check={check} plan={check.bays} />
      : <LoadingView key={check.bays?.here.id} check={check} />
    case 'abort': return <AbortView check={check} />
    case 'verdict': return check.verdict ? <VerdictScreen check={check} verdict={check.verdict} /> : <ScanView check={check} expected={null} />
  }
}
