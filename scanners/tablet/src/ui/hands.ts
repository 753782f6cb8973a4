/** What every screen holds: the tablet behind it, its eyes, and where on the screen people are. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext, useState } from 'preact/hooks'
import type { Camera, Reading } from '../eyes'
import { Refusal, type Asked, type ScanKind, type Tablet, type Unit, type Words } from '../state/model'
import type { Listeners } from './listeners'
import { common } from './words/common'

export interface Eyes {
  readonly camera: Camera
  /** Hears a scanner that types, and pasted codes, wherever the focus is. */
  readonly listen: Listeners['listen']
  /** Lets whoever listens hear a code that comes another way: a card to practise with. */
  readonly hear: Listeners['hear']
  /** The code on a picture, or `null` where none can be read. */
  readPicture(picture: Blob): Promise<Reading | null>
  /** What lies on the clipboard, or `null` where nothing does or none may look. */
  paste(): Promise<Reading | null>
  /** A picture file as a photo to keep: shrunk, upright, without metadata. */
  toPhoto(picture: Blob): Promise<Blob>
}

/** A page over the work: it hides nothing that must be seen and closes to where one was. */
export type Over = 'menu' | 'unsent' | 'contradictions' | 'device' | 'settings' | null

/** Where one is within a check. */
export type Work =
  | { readonly view: 'scan'; readonly expected: ScanKind | null }
  | { readonly view: 'number'; readonly expected: ScanKind | null }
  | { readonly view: 'plate'; readonly unit: Unit }
  | { readonly view: 'people' | 'goods' | 'photos' | 'spot' | 'loading' | 'abort' | 'verdict' }
  | { readonly view: 'questions'; readonly group: Asked['group'] }
  | { readonly view: 'let_pass'; readonly question: string }

export interface Hands {
  readonly tablet: Tablet
  readonly eyes: Eyes
  readonly over: Signal<Over>
  readonly work: Signal<Work>
  /** Scanning a waybill from the list of arrivals. */
  readonly scanning: Signal<boolean>
  /** The cards to practise with are laid out. */
  readonly practising: Signal<boolean>
  /** The verdict is turned to the driver, in this language. */
  readonly turned: Signal<'zh' | 'en' | null>
  /** Milliseconds since the epoch, moving on a few times a minute, for ages. */
  readonly now: ReadonlySignal<number>
}

export function createHands(tablet: Tablet, eyes: Eyes, now: ReadonlySignal<number>): Hands {
  return {
    tablet,
    eyes,
    now,
    over: signal<Over>(null),
    work: signal<Work>({ view: 'scan', expected: null }),
    scanning: signal(false),
    practising: signal(false),
    turned: signal<'zh' | 'en' | null>(null),
  }
}

export const HandsContext = createContext<Hands | null>(null)

export function useHands(): Hands {
  const hands = useContext(HandsContext)
  if (hands === null) throw new Error('a screen outside of its application')
  return hands
}

export type Say = (words: Words) => string

/** Says words in the language that is set. */
export function useSay(): Say {
  const { tablet } = useHands()
  const { language } = tablet.settings.value
  return (words) => words[language]
}

/** What stopped an act, to be shown where it was tried. */
export interface Problem {
  readonly words: Words
  readonly nextStep: Words | null
  readonly fields: Readonly<Record<string, Words>>
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return { words: error.words, nextStep: error.nextStep, fields: error.fields }
  return { words: common.failed, nextStep: null, fields: {} }
}

export interface Act {
  /** Runs it; says whether it was done. A second press while it runs does nothing. */
  readonly run: (act: () => Promise<void>) => Promise<boolean>
  /** Runs it beside whatever else runs: an answer given while another is being judged counts too. */
  readonly beside: (act: () => Promise<void>) => Promise<boolean>
  readonly running: boolean
  readonly problem: Problem | null
  readonly complain: (words: Words | null) => void
}

/** One act at a time, with its problem kept until the next. */
export function useAct(): Act {
  const [running, setRunning] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const beside: Act['beside'] = async (act) => {
    setProblem(null)
    try {
      await act()
      return true
    } catch (error) {
      setProblem(problemOf(error))
      return false
    }
  }
  return {
    running,
    problem,
    complain: (words) => setProblem(words && { words, nextStep: null, fields: {} }),
    beside,
    run: async (act) => {
      if (running) return false
      setRunning(true)
      try {
        return await beside(act)
      } finally {
        setRunning(false)
      }
    },
  }
}
