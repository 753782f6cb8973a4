import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vite'

import { ownOrigin } from '../own-origin.ts'

// The eyes alone, with the worker built as the product builds it.
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  base: '/tablet/',
  worker: { format: 'es', plugins: () => [ownOrigin()] },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: fileURLToPath(new URL('eyes.html', import.meta.url)) },
  },
})
