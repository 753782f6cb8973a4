/**
 * What every catalogue of words must be: each entry Chinese and English, or a function of values
 * that gives both. `satisfies Catalogue` makes a missing language a compile error.
 */

import type { Words } from '../../state/model'

export type Entry = Words | ((...values: never[]) => Words)
export type Catalogue = Readonly<Record<string, Entry>>
