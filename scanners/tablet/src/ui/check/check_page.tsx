import type { ComponentChildren } from 'preact'
import type { Check } from '../../state/model'
import { Page } from '../kit/page'
import type { Act } from '../hands'
import { MissingLine, Onward } from './onward'
import { Strip } from './strip'
import { Trip } from './trip'

interface CheckPageProps {
  readonly check: Check
  readonly title: string
  readonly act: Act
  readonly children: ComponentChildren
  /** Buttons of this view, before the way on. */
  readonly keys?: ComponentChildren
  /** Instead of the way on, where the view has an act of its own to end with. */
  readonly foot?: ComponentChildren
  readonly class?: string
  readonly hidePlates?: boolean
  readonly missingLine?: boolean
  /** How far this view is, beside its title. */
  readonly state?: ComponentChildren
  readonly hideTitle?: boolean
  readonly reads?: boolean
}

/** A view of a check: whose it is, its steps, the work itself, and the way on at the foot. */
export function CheckPage({ check, title, act, children, keys, foot, class: extra = '', hidePlates = false, missingLine = true, state, hideTitle = false, reads = false }: CheckPageProps) {
  return (
    <>
      <Trip check={check} hidePlates={hidePlates} />
      <Strip check={check} />
      <Page title={title} hideTitle={hideTitle} reads={reads} problem={act.problem} class={`in-check ${extra}`} foot={foot ?? <Onward check={check} act={act}>{keys}</Onward>} aside={<>{state}{missingLine && <MissingLine check={check} />}</>}>
        {children}
      </Page>
    </>
  )
}
