import type { ComponentChildren } from 'preact'
import type { Check } from '../../state/model'
import { Button } from '../kit/buttons'
import { useAct, useHands, useSay } from '../hands'
import { check as words } from '../words/check'
import { common, steps, todos } from '../words/common'
import { nextStep, readyToDecide, waiting, workFor } from './way'

/** The foot of every view of a check: what else can be done here, and the one way on. */
export function Onward({ check, children, act }: { check: Check; children?: ComponentChildren; act: ReturnType<typeof useAct> }) {
  const say = useSay()
  const { tablet, work } = useHands()
  const next = nextStep(check, work.value)
  const decide = (): void => void act.run(() => tablet.decide())
  const scan = (): void => { work.value = { view: 'scan', expected: null } }
  const ready = readyToDecide(check)
  return (
    <>
      {work.value.view !== 'scan' && <Button look="plain" icon="scan" onPress={scan}>{say(words.scan)}</Button>}
      {children}
      {!ready && (
        <Button look="quiet" label={`${say(words.decideAsIs)}: ${say(words.willNotClear)}`} disabled={act.running} onPress={decide}>{say(words.decideAsIs)}</Button>
      )}
      {ready ? (
        <Button look="primary" disabled={act.running} onPress={decide}>{say(words.decide)}</Button>
      ) : next !== null ? (
        <Button look="primary" onPress={() => { work.value = workFor(next) }}>{say(words.next(todos[next]))}</Button>
      ) : (
        <Button look="primary" icon="keys" onPress={() => { work.value = { view: 'number', expected: null } }}>{say(words.typeNumber)}</Button>
      )}
    </>
  )
}

/** What is missing, as one line, where the list beside the camera is not shown. */
export function MissingLine({ check }: { check: Check }) {
  const say = useSay()
  const left = waiting(check)
  if (left.length === 0) return <p class="missing-line all">{say(words.allThere)}</p>
  const named = (language: 'zh' | 'en'): string => left.map((kind) => steps[kind][language]).join(language === 'zh' ? '、' : ', ')
  return <p class="missing-line">{say(common.listed({ zh: named('zh'), en: named('en') }))}</p>
}
