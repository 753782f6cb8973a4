import { describe, expect, test } from 'vitest'
import type { Check } from '../../src/state/model'
import { type LoadingForm, asksWhy, beginForm, emptyForm, figureKey, isShort, loadingOf, partOf, sealKey, sealPlace, shareOf, unfinished, withSeal } from '../../src/ui/check/loading_form'
import { beforeAny, lastBay, tooMuch } from '../../src/ui/fixture/bays'
import { base, questions } from '../../src/ui/fixture/check'
import { bays as bayWords } from '../../src/ui/words/bays'
import { loading as words } from '../../src/ui/words/verdict'

const check: Check = { ...base, questions: questions.map((one) => ({ ...one, answer: 'yes' as const })) }
const form: LoadingForm = {
  ...emptyForm(1_000),
  figures: { [figureKey(1, 'quantityKg')]: '18500.', [figureKey(2, 'quantityKg')]: '0', [figureKey(1, 'temperatureC')]: '-4.5', grossMassKg: '41000' },
  seals: ['DEMO-1', ' '],
  shortReasons: { 2: ' 托运人要求减量 ' },
}

describe('the loading record', () => {
  test('is handed over line by line', () => {
    expect(loadingOf(form, check, 2_000)).toEqual({
      lines: [
        { position: 1, quantityKg: '18500', quantityL: null, temperatureC: '-4.5', densityKgL: null, shortReason: '' },
        { position: 2, quantityKg: '0', quantityL: null, temperatureC: null, densityKgL: null, shortReason: '托运人要求减量' },
      ],
      startedAt: 1_000, finishedAt: 2_000, grossMassKg: '41000', seals: ['DEMO-1'], noSealReason: '',
    })
  })

  test.each([
    ['a line without its mass', { ...form, figures: {} }, check, words.missingKg],
    ['less than planned and no reason', { ...form, shortReasons: { 2: '少装' } }, check, words.missingShortReason],
    ['no seal and no reason', { ...form, seals: [''] }, check, words.missingSeal],
    ['an unanswered list', form, { ...check, questions }, words.missingList],
    ['an end before its beginning', { ...form, finishedAt: 999 }, check, words.wrongOrder],
    ['nothing', form, check, null],
  ])('with %s says what is missing', (_, given, of, said) => {
    expect(unfinished(given, of)).toEqual(said)
  })

  test('ends when it is handed over, never before it began, unless somebody says when', () => {
    expect(loadingOf(form, check, 900).finishedAt).toBe(1_000)
    expect(loadingOf({ ...form, finishedAt: 1_500 }, check, 2_000).finishedAt).toBe(1_500)
  })

  test('asks why only below 95 % of the plan', () => {
    const first = check.goods[0]!
    const with_ = (kg: string): LoadingForm => ({ ...form, figures: { [figureKey(1, 'quantityKg')]: kg } })
    expect([isShort(with_('17575'), first), isShort(with_('17574.9'), first), isShort(with_(''), first)]).toEqual([false, true, false])
  })

  test('needs no seal where there is a reason', () => {
    expect(unfinished({ ...form, seals: [''], noSealReason: '散装车厢' }, check)).toBeNull()
  })

  test('changes one seal and leaves the others', () => {
    expect(withSeal(form, 1, 'DEMO-2')).toEqual({ seals: ['DEMO-1', 'DEMO-2'] })
    expect(sealPlace(sealKey(3))).toBe(3)
    expect(sealPlace('1.quantityKg')).toBeNull()
  })
})

describe('at several bays', () => {
  const first: Check = { ...check, questions, bays: beforeAny }
  const part: LoadingForm = { ...form, seals: [''], elsewhere: [2], nextBay: '2' }

  test('a part has the lines that go in here, without seal, list and gross mass', () => {
    expect(unfinished(part, first)).toBeNull()
    expect(partOf(part, first, 2_000)).toMatchObject({ lines: [{ position: 1 }], seals: [], nextBay: '2' })
  })

  test.each([
    ['no next bay', { ...part, nextBay: null }, bayWords.missingBay],
    ['everything elsewhere', { ...part, elsewhere: [1, 2] }, bayWords.nothingHere],
    ['a line here without its mass', { ...part, figures: {} }, words.missingKg],
  ])('with %s says what is missing', (_, given, said) => {
    expect(unfinished(given, first)).toEqual(said)
  })

  test('the last bay enters what is still to come, and the first one no more', () => {
    const last: Check = { ...check, bays: lastBay }
    expect(shareOf(emptyForm(0), last).here.map(({ position }) => position)).toEqual([2])
    expect(beginForm(last, 5).startedAt).toBe(lastBay?.arrivedAt)
  })

  test('what was recorded here stands there again, and less needs its reason', () => {
    const again: Check = { ...first, bays: tooMuch }
    const begun = beginForm(again, 5)
    const line = again.goods[0]!
    const less: LoadingForm = { ...begun, figures: { ...begun.figures, [figureKey(1, 'quantityKg')]: '18400' } }
    expect([begun.figures[figureKey(1, 'quantityKg')], begun.seals]).toEqual(['18420', ['QJ-004417']])
    expect([asksWhy(begun, line, again), asksWhy(less, line, again)]).toEqual([false, true])
  })
})
