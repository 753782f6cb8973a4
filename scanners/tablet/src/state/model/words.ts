/** What is said to people, and why something was not done. */

export interface Words {
  readonly zh: string
  readonly en: string
}

/** How something stands. `missing` waits for somebody, `unknown` was shown and is not proven. */
export type Standing = 'passed' | 'failed' | 'unknown' | 'missing'

/** One reason: what is wrong, the article, and how to cure it and by whom. */
export interface Reason {
  readonly code: string
  readonly severity: 'STOP' | 'WARN' | 'INFO'
  readonly outcome: 'passed' | 'failed' | 'unknown' | 'not_applicable'
  readonly title: Words
  readonly seen: Words
  readonly needed: Words
  readonly cure: Words
  readonly basis: Words
}

export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly words: Words,
    readonly nextStep: Words | null = null,
    /** Field messages by JSON Pointer, where a form was refused. */
    readonly fields: Readonly<Record<string, Words>> = {},
  ) {
    super(words.en)
  }
}
