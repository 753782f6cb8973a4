import { render } from 'preact'

const root = document.getElementById('app')
if (root) render(<main>装货查验</main>, root)
