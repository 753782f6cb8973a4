import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Problem } from '../hands'
import { ProblemNotice } from './notices'

interface PageProps {
  readonly title: string
  readonly children: ComponentChildren
  /** What stopped an act: said above the foot, where it is seen however far one has scrolled. */
  readonly problem?: Problem | null
  /** Buttons at the foot, the primary one last: there the thumb is. */
  readonly foot?: ComponentChildren
  readonly class?: string
  /** The title is heard and not seen, where what is seen says it. */
  readonly hideTitle?: boolean
  /** Nothing in it takes the focus, so that it must itself, to be scrolled by keys. */
  readonly reads?: boolean
  /** Beside the title, on its line. */
  readonly aside?: ComponentChildren
}

/** A screen: its title takes the focus, so that a screen reader says where one is. */
export function Page({ title, children, foot, aside, class: extra = '', hideTitle = false, reads = false, problem }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  // At once: later it would take the focus from whatever was given it meanwhile.
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [title])
  return (
    <>
      <main class={`page ${extra}`} tabIndex={reads ? 0 : undefined}>
        <div class={hideTitle ? 'unseen' : 'page-top'}>
          <h1 ref={heading} tabIndex={-1}>{title}</h1>
          {aside}
        </div>
        {children}
      </main>
      {problem !== undefined && <div class="page-problem"><ProblemNotice problem={problem} /></div>}
      {foot && <footer class="foot">{foot}</footer>}
    </>
  )
}
