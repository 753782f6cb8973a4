/**
 * JSON that has only one meaning. `JSON.parse` keeps the last of two equal keys and reads numbers in
 * many spellings; what was signed must not be read differently here than by another reader.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

const TOKEN = /[ \t\n\r]*(?:([{}[\]:,])|("(?:[^"\\]|\\.)*")|(-?(?:0|[1-9][0-9]*))(?![0-9.eE+-])|(true|false|null)(?![A-Za-z]))/sy
const LEFT_OVER = /^[ \t\n\r]*$/
const LONGEST_INTEGER = 19

/** Throws on bytes that are not UTF-8, duplicate keys, fractions, depth, half surrogates, leftovers. */
export function parseStrict(bytes: Uint8Array, deepest: number): Json {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  return new Reader(text, deepest).all()
}

class Reader {
  #at = 0

  constructor(
    readonly text: string,
    readonly deepest: number,
  ) {}

  all(): Json {
    const value = this.#value(this.#next(), 0)
    if (!LEFT_OVER.test(this.text.slice(this.#at))) throw new Error('something is left over')
    return value
  }

  #next(): string {
    TOKEN.lastIndex = this.#at
    const found = TOKEN.exec(this.text)
    if (!found) throw new Error('not JSON')
    this.#at = TOKEN.lastIndex
    return found[1] ?? found[2] ?? found[3] ?? found[4] ?? ''
  }

  #value(token: string, depth: number): Json {
    if ((token === '{' || token === '[') && depth >= this.deepest) throw new Error('nested too deeply')
    if (token === '{') return this.#object(depth + 1)
    if (token === '[') return this.#array(depth + 1)
    if (/^[}\]:,]$/.test(token)) throw new Error('not JSON')
    if (token.replace('-', '').length > LONGEST_INTEGER && !token.startsWith('"')) throw new Error('too many digits')
    const value = JSON.parse(token) as Json
    if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new Error('half a surrogate pair')
    return value
  }

  #object(depth: number): Json {
    const members = new Map<string, Json>()
    let token = this.#next()
    if (token === '}') return {}
    for (;;) {
      if (!token.startsWith('"') || this.#next() !== ':') throw new Error('not JSON')
      const name = this.#value(token, depth) as string
      if (members.has(name)) throw new Error('a duplicate key')
      members.set(name, this.#value(this.#next(), depth))
      const between = this.#next()
      if (between === '}') return Object.fromEntries(members)
      if (between !== ',') throw new Error('not JSON')
      token = this.#next()
    }
  }

  #array(depth: number): Json {
    const members: Json[] = []
    let token = this.#next()
    if (token === ']') return members
    for (;;) {
      members.push(this.#value(token, depth))
      const between = this.#next()
      if (between === ']') return members
      if (between !== ',') throw new Error('not JSON')
      token = this.#next()
    }
  }
}

/** The one encoding of a value: keys sorted by code point, no spaces. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value as { readonly [name: string]: Json }).sort(([a], [b]) => byCodePoint(a, b))
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

/** Order by code point, as Python sorts; JavaScript's own order is by UTF-16 unit. */
export function byCodePoint(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
