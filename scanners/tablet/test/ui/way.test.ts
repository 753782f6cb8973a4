import { describe, expect, test } from 'vitest'
import type { Check } from '../../src/state/model'
import { standing } from '../../src/ui/check/reasons'
import { shapeOfVerdict } from '../../src/ui/check/verdict_screen'
import { beginning, nextStep, readyToDecide, together, typedKinds, waiting, workFor } from '../../src/ui/check/way'
import { base, inMiddle, stepsWith } from '../../src/ui/fixture/check'
import { expiredEscort, notKnownHere } from '../../src/ui/fixture/reasons'

const scan = { view: 'scan', expected: null } as const

describe('the way through a check', () => {
  test('leads to the next step that wants another view', () => {
    expect(nextStep(base, scan)).toBe('driver')
    expect(nextStep(base, { view: 'people' })).toBe('vehicle')
  })

  test('leaves the order of cards to the loader', () => {
    const cards: Check = { ...base, missing: ['vehicle', 'tank'] }
    expect(nextStep(cards, scan)).toBeNull()
    expect(nextStep(cards, { view: 'number', expected: 'tank' })).toBeNull()
  })

  test('tells both plates apart', () => {
    const plates: Check = { ...base, missing: ['plate', 'trailer_plate'] }
    expect(nextStep(plates, { view: 'plate', unit: 'tractor' })).toBe('trailer_plate')
  })

  test('waits for nothing that was shown, whatever came of it', () => {
    expect(waiting(inMiddle)).not.toContain('escort')
    expect(waiting(inMiddle)).toContain('signs')
  })

  test('is at its end when only refused steps are left', () => {
    const refused: Check = { ...base, steps: stepsWith('passed', { escort: { standing: 'failed' } }), missing: ['escort'] }
    expect(readyToDecide(refused)).toBe(true)
    expect(readyToDecide(base)).toBe(false)
  })

  test('serves every step with a view', () => {
    expect(workFor('trailer_plate')).toEqual({ view: 'plate', unit: 'trailer' })
    expect(workFor('papers')).toEqual({ view: 'questions', group: 'papers' })
    expect(workFor('tank')).toEqual({ view: 'scan', expected: 'tank' })
    expect(workFor('supervisor')).toEqual({ view: 'people' })
  })

  test('is taken up where it was left', () => {
    expect(beginning(base)).toEqual(scan)
    expect(beginning({ ...base, phase: 'after_loading' })).toEqual({ view: 'loading' })
    expect(beginning({ ...base, phase: 'over' })).toEqual({ view: 'verdict' })
  })

  test('types numbers of needed cards and papers only', () => {
    const plain: Check = { ...base, steps: stepsWith('missing', { trailer: { needed: false } }) }
    expect(typedKinds(plain)).toEqual(['waybill', 'vehicle', 'tank', 'driver', 'escort', 'supervisor', 'document'])
  })
})

test('stops are told before what only informs, each once', () => {
  const advice = { ...notKnownHere, code: 'VEH-09.advice', severity: 'INFO' as const }
  const met = { ...expiredEscort, outcome: 'passed' as const }
  expect(standing([advice, notKnownHere, met, expiredEscort, expiredEscort])).toEqual([expiredEscort, notKnownHere, advice])
})

test('only a clearance and a release have the shape that passes', () => {
  const words = ['cleared', 'released', 'refused', 'release_refused', 'not_proven', 'release_waiting'] as const
  expect(words.map(shapeOfVerdict)).toEqual(['passed', 'passed', 'failed', 'failed', 'unknown', 'unknown'])
})

test('what is answered in part is still to do', () => {
  expect(together([true, null])).toBe('missing')
  expect(together([true, true])).toBe('passed')
  expect(together([true, false])).toBe('failed')
})
