/**
 * The shapes that stand for an outcome: never a colour alone. A disc passes, a cross stops, a
 * question mark is not proven, a ring waits; they differ in outline, so that glare takes nothing.
 */

import type { Standing } from '../../state/model'

const PATHS: Readonly<Record<Standing, preact.JSX.Element>> = {
  passed: <circle cx="12" cy="12" r="10" fill="currentColor" />,
  failed: <path d="M4 4L20 20M20 4L4 20" stroke="currentColor" stroke-width="5.5" stroke-linecap="round" />,
  unknown: (
    <>
      <path
        d="M6 7.5C6.5 3.8 9 2 12 2C15.6 2 18.2 4.2 18.2 7.4C18.2 11.6 12.4 11.4 12.2 15.6"
        fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round"
      />
      <circle cx="12.2" cy="21" r="2.6" fill="currentColor" />
    </>
  ),
  missing: (
    <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="2.5" stroke-dasharray="4.7 4.7" />
  ),
}

/** Purely a drawing: the word always stands beside it. */
export function Shape({ standing }: { standing: Standing }) {
  return (
    <svg class={`shape ${standing}`} viewBox="0 0 24 24" aria-hidden="true">
      {PATHS[standing]}
    </svg>
  )
}
