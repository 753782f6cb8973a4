import { fileURLToPath } from 'node:url'

import { defineConfig, mergeConfig } from 'vite'

import product from '../vite.config.ts'

// The product's configuration with another page; whoever builds it says where with `--outDir`.
export default mergeConfig(
  product,
  defineConfig({
    root: fileURLToPath(new URL('..', import.meta.url)),
    build: {
      rolldownOptions: { input: fileURLToPath(new URL('eyes.html', import.meta.url)) },
    },
  }),
)
