import { fileURLToPath } from 'node:url'
import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'
import { ownOrigin } from './own-origin.ts'
import { precache, versionOf } from './vite.precache.ts'

const root = fileURLToPath(new URL('.', import.meta.url))
const version = versionOf(root)

// The build lands where Flask serves static files; the page itself is served at /tablet/.
export default defineConfig({
  base: '/tablet/',
  plugins: [preact(), precache(root, version)],
  worker: { format: 'es', plugins: () => [ownOrigin()] },
  define: { __VERSION__: JSON.stringify(version) },
  build: {
    outDir: '../../api/static/tablet',
    emptyOutDir: true,
    target: 'es2022',
    // The site's policy forbids inline scripts, and `data:` fonts or scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { app: 'index.html', worker: 'src/sw/worker.ts' },
      output: {
        // The worker's name stays, since browsers look for its next version there.
        entryFileNames: (chunk) => (chunk.name === 'worker' ? 'worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
})
