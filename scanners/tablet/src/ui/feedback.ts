/** What a result sounds and feels like: each differs in rhythm too, not in pitch alone. */

import type { Settings } from '../state/model'

export type Feeling = 'passed' | 'failed' | 'unknown'

/** Hertz and milliseconds of each tone; a pause between them. */
const TONES: Readonly<Record<Feeling, readonly (readonly [number, number])[]>> = {
  passed: [[1320, 120]],
  failed: [[220, 260], [220, 260]],
  unknown: [[660, 120], [440, 220]],
}
const PAUSE_MS = 70
const VIBRATIONS: Readonly<Record<Feeling, readonly number[]>> = {
  passed: [80],
  failed: [250, 90, 250],
  unknown: [90, 70, 90, 70, 90],
}

let audio: AudioContext | null = null

export function feel(feeling: Feeling, settings: Settings): void {
  if (settings.vibration && 'vibrate' in navigator) navigator.vibrate([...VIBRATIONS[feeling]])
  if (settings.sound) sound(feeling)
}

function sound(feeling: Feeling): void {
  // Without a touch before it a browser keeps the context suspended: then nothing is heard, no more.
  audio ??= new AudioContext()
  if (audio.state === 'suspended') void audio.resume()
  let at = audio.currentTime
  for (const [hertz, ms] of TONES[feeling]) {
    const tone = audio.createOscillator()
    const loudness = audio.createGain()
    tone.type = 'square'
    tone.frequency.value = hertz
    loudness.gain.setValueAtTime(0.25, at)
    loudness.gain.exponentialRampToValueAtTime(0.001, at + ms / 1000)
    tone.connect(loudness).connect(audio.destination)
    tone.start(at)
    tone.stop(at + ms / 1000)
    at += (ms + PAUSE_MS) / 1000
  }
}
