import type { Check, Standing, Words } from '../../state/model'
import { Shape } from '../drawing/shapes'
import { useHands, useSay, type Work } from '../hands'
import { check as words } from '../words/check'
import { standings, steps } from '../words/common'
import { together, workFor } from './way'

interface Tile {
  readonly key: string
  readonly name: Words
  readonly standing: Standing
  readonly kept: boolean
  readonly work: Work
}

/** What is needed and how each stands; a press leads to where it is done. */
export function Strip({ check }: { check: Check }) {
  const say = useSay()
  const { work } = useHands()
  return (
    <nav aria-label={say(words.steps)}>
      <ol class="strip">
        {tilesOf(check).map(({ key, name, standing, kept, work: to }) => (
          <li key={key}>
            <button
              type="button" class={`step ${standing} ${kept ? 'kept' : ''}`}
              aria-current={isAt(work.value, to) ? 'step' : undefined} onClick={() => { work.value = to }}
            >
              <Shape standing={standing} />
              <span class="step-name">{say(name)}</span>
              <span class="unseen">{say(standings[standing])}</span>
              {kept && <span class="step-kept">{say(words.shownBefore)}</span>}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}

function tilesOf(check: Check): readonly Tile[] {
  const tiles: Tile[] = check.steps
    .filter(({ needed, standing }) => needed || standing !== 'missing')
    // Where a plant asks nothing of its own, there is nothing to go to.
    .filter(({ kind, standing }) => kind !== 'plant_items' || standing !== 'passed' || check.questions.some(({ group }) => group === kind))
    .map(({ kind, standing, kept }) => ({ key: kind, name: steps[kind], standing, kept, work: workFor(kind) }))
  const { photos, control, presencePoints } = check
  if (photos.length > 0) {
    tiles.push({ key: 'photos', name: words.photos, standing: together(photos.map(({ taken }) => taken || null)), kept: false, work: { view: 'photos' } })
  }
  if (control.length + presencePoints.length > 0) {
    const answers = [...control.map(({ answered }) => answered !== null || null), ...presencePoints.map(({ seen }) => seen || null)]
    tiles.push({ key: 'spot', name: words.spot, standing: together(answers), kept: false, work: { view: 'spot' } })
  }
  return tiles
}

function isAt(now: Work, to: Work): boolean {
  if (now.view !== to.view) return false
  if (now.view === 'plate' && to.view === 'plate') return now.unit === to.unit
  if (now.view === 'questions' && to.view === 'questions') return now.group === to.group
  if (now.view === 'scan' && to.view === 'scan') return now.expected !== null && now.expected === to.expected
  return true
}
