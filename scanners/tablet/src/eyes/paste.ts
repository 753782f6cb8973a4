/** Texts and pictures that are pasted. */

import type { Reading } from './index'
import { isEditable } from './fields'
import { readPicture, type ServerReading } from './picture'

/** The longest text a reader of codes takes. */
export const LONGEST_TEXT = 4096

/**
 * Takes what is pasted beside a field; what is pasted into one belongs to it. A pasted picture is
 * read as `readPicture` does. Answers with the end of listening.
 */
export function listenToPaste(
  target: EventTarget,
  onReading: (reading: Reading) => void,
  onServer?: ServerReading,
): () => void {
  const take = (event: Event) => {
    const { clipboardData: pasted } = event as ClipboardEvent
    if (!pasted || isEditable(event.target)) return
    const picture = [...pasted.files].find(({ type }) => type.startsWith('image/'))
    const reading = fromText(pasted.getData('text/plain'))
    if (!reading && !picture) return
    event.preventDefault()
    if (reading) onReading(reading)
    else if (picture) {
      void readPicture(picture, onServer)
        .catch(() => [])
        .then((readings) => readings.forEach(onReading))
    }
  }
  target.addEventListener('paste', take)
  return () => target.removeEventListener('paste', take)
}

/** What is on the clipboard, for a button that says so; `null` where nothing is or none may look. */
export async function readClipboard(): Promise<Reading | null> {
  try {
    return fromText(await navigator.clipboard.readText())
  } catch {
    return null
  }
}

function fromText(pasted: string): Reading | null {
  const text = pasted.trim()
  if (!text || text.length > LONGEST_TEXT) return null
  return { text, format: '', through: 'pasted' }
}
