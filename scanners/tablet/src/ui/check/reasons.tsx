import type { Reason, Standing } from '../../state/model'
import { Shape } from '../drawing/shapes'
import { type Say, useSay } from '../hands'
import { verdict as words } from '../words/verdict'

/** What stands against a clearance: stops first, what failed before what is not proven, each once. */
export function standing(reasons: readonly Reason[]): readonly Reason[] {
  const order = { STOP: 0, WARN: 2, INFO: 4 } as const
  const rank = ({ severity, outcome }: Reason): number => order[severity] + (outcome === 'failed' ? 0 : 1)
  const said = new Map<string, Reason>()
  for (const reason of reasons) {
    if (reason.outcome !== 'failed' && reason.outcome !== 'unknown') continue
    const words = [reason.code, reason.title.zh, reason.seen.zh].join('\n')
    if (!said.has(words)) said.set(words, reason)
  }
  return [...said.values()].toSorted((one, other) => rank(one) - rank(other))
}

export const shapeOf = ({ outcome }: Reason): Standing => (outcome === 'failed' ? 'failed' : outcome === 'unknown' ? 'unknown' : 'passed')

/** A reason in three lines: what, and what to do about it. */
export function ReasonLine({ reason, say, shape = shapeOf(reason) }: { reason: Reason; say: Say; shape?: Standing }) {
  return (
    <li class={`reason ${shape}`}>
      <Shape standing={shape} />
      <p>
        <strong>{say(reason.title)}</strong> <span>{say(reason.seen)}</span>
        <span class="cure">{say(reason.cure)}</span>
      </p>
    </li>
  )
}

/** Everything about a reason: what is wrong, what is needed, the article, who can cure it. */
export function ReasonCard({ reason }: { reason: Reason }) {
  const say = useSay()
  return (
    <li class={`card ${shapeOf(reason)}`}>
      <h3><Shape standing={shapeOf(reason)} />{say(reason.title)}</h3>
      <dl>
        <div><dt>{say(words.wrong)}</dt><dd>{say(reason.seen)}</dd></div>
        <div><dt>{say(words.needed)}</dt><dd>{say(reason.needed)}</dd></div>
        <div class="cure"><dt>{say(words.cure)}</dt><dd>{say(reason.cure)}</dd></div>
        <div><dt>{say(words.basis)}</dt><dd>{say(reason.basis)} <span class="mono code">{reason.code}</span></dd></div>
      </dl>
    </li>
  )
}
