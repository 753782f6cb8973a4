/** What a check is after the server did not take an act of it. Pure: it is as if nobody had tried. */

import type { Act } from './acts'
import { type Case, isEndedThere } from './case'

/** Return the check without what an act had made of it; `others` are its other acts. */
export function afterRefusal(held: Case, act: Act, others: readonly Act[]): Case {
  const stands = others.filter(({ state }) => state !== 'dropped')
  // What was said of it here is said no more: whoever tried is told why it was not taken.
  const last = held.last?.judgedBy === 'tablet' && held.last.at === act.at ? null : held.last
  return { ...without(held, act, stands), last }
}

function without(held: Case, act: Act, others: readonly Act[]): Case {
  switch (act.kind) {
    case 'abort':
      return isEndedThere(held) ? held : { ...held, phase: held.verdicts.server?.word === 'cleared' || held.verdict?.word === 'cleared' ? 'after_loading' : 'before_loading' }
    case 'release':
      return held.verdict?.word === 'release_waiting' ? { ...held, verdict: held.verdicts.server ?? held.verdicts.tablet } : held
    case 'answer':
      return { ...held, answers: given(held.answers, bodyOf(act).question, others.filter(({ kind }) => kind === 'answer')) }
    case 'control':
      return { ...held, controls: given(held.controls, bodyOf(act).question, others.filter(({ kind }) => kind === 'control')) }
    case 'photo':
      return {
        ...held,
        shown: held.shown.filter((shows) => shows !== act.item?.['shows' as never] || others.some(({ item }) => item?.type === 'photo' && item.shows === shows)),
        pictures: held.pictures.filter((digest) => digest !== act.photo || others.some(({ photo }) => photo === digest)),
      }
    default:
      return held
  }
}

interface Given {
  readonly question?: string
  readonly answer?: string
}

/** The answers with what was said of a question before; none where nothing was. */
function given<T extends string>(answers: Readonly<Record<string, T>>, question: string | undefined, others: readonly Act[]): Readonly<Record<string, T>> {
  if (question === undefined) return answers
  const before = others.map(bodyOf).findLast((body) => body.question === question)?.answer
  const { [question]: _, ...rest } = answers
  return (before === undefined ? rest : { ...rest, [question]: before }) as Readonly<Record<string, T>>
}

function bodyOf({ json }: Act): Given {
  return JSON.parse(json ?? '{}') as Given
}
