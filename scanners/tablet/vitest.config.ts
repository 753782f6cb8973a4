import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  define: { __VERSION__: JSON.stringify('0.1.0+test') },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: { testTimeout: 30_000, include: ['test/**/*.test.{ts,tsx}'] },
})
