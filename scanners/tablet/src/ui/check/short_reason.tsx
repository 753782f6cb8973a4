import type { GoodsLine } from '../../state/model'
import { Button } from '../kit/buttons'
import { useSay } from '../hands'
import { loading as words } from '../words/verdict'
import type { LoadingForm } from './loading_form'

const USUAL = [words.noRoom, words.noStock, words.lessWanted]

interface ShortReasonProps {
  readonly line: GoodsLine
  readonly form: LoadingForm
  readonly change: (part: Partial<LoadingForm>) => void
}

/** Why less went in than planned: one press for what is usual, or typed. */
export function ShortReason({ line: { position }, form, change }: ShortReasonProps) {
  const say = useSay()
  const given = form.shortReasons[position] ?? ''
  const set = (reason: string): void => change({ shortReasons: { ...form.shortReasons, [position]: reason } })
  return (
    <div class="figures wide-figures short-reason">
      <label class="figure-field wide">
        <span>{say(words.shortReason)}</span>
        <input name={`${position}.shortReason`} autocomplete="off" maxLength={200} value={given} onInput={(event) => set(event.currentTarget.value)} />
      </label>
      {USUAL.map((usual) => (
        <Button key={usual.zh} onPress={() => set(say(usual))}>{say(usual)}</Button>
      ))}
    </div>
  )
}
