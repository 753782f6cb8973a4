import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

import { ownOrigin } from './own-origin.ts'

// The build lands where Flask serves static files; the page itself is served at /tablet/.
export default defineConfig({
  base: '/tablet/',
  plugins: [preact()],
  worker: { format: 'es', plugins: () => [ownOrigin()] },
  build: {
    outDir: '../../api/static/tablet',
    emptyOutDir: true,
    target: 'es2022',
    // The site's policy forbids inline scripts, and `data:` fonts or scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
