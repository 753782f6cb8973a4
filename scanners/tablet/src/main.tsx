import { signal } from '@preact/signals'
import { render } from 'preact'
import { createTablet } from './state/tablet'
import { App } from './ui/app'
import { createEyes } from './ui/eyes'
import { createHands } from './ui/hands'

/** Ages are said in minutes; a few steps in each keep them honest. */
const TICK_MS = 15_000

const root = document.getElementById('app')
const tablet = createTablet()
const now = signal(Date.now())
setInterval(() => { now.value = Date.now() }, TICK_MS)

// Until what is kept has been read the tablet would look as if it were new.
void tablet.ready.then(() => {
  if (root) render(<App hands={createHands(tablet, createEyes(tablet.readPicture), now)} />, root)
})
