import { useState } from 'preact/hooks'
import type { Words } from '../../state/model'
import { PictureTaking } from '../kit/picture_taking'
import { type Act, useHands, useSay } from '../hands'

export interface Taking {
  /** The camera, to be shown instead of the view while a photo is being taken. */
  readonly screen: preact.JSX.Element | null
  /** Ask for a photo; `shows` names the question or part that it belongs to. */
  readonly ask: (shows: string, title: Words) => void
}

/** Photos of a check, taken without leaving the view that asks for them. */
export function useTaking(act: Act): Taking {
  const say = useSay()
  const { tablet } = useHands()
  const [asked, setAsked] = useState<{ readonly shows: string; readonly title: Words } | null>(null)
  const keep = (picture: Blob): void => {
    if (asked !== null) void act.beside(async () => { await tablet.takePhoto(asked.shows, picture); setAsked(null) })
  }
  return {
    ask: (shows, title) => setAsked({ shows, title }),
    screen: asked && <PictureTaking title={say(asked.title)} onCancel={() => setAsked(null)} onPicture={keep} problem={act.problem} />,
  }
}
