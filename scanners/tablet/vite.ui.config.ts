import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

// The screens in their scripted states, for their own tests and pictures; no part of the product.
export default defineConfig({
  base: './',
  plugins: [preact()],
  build: {
    outDir: process.env.WAYBILL_UI_BUILD ?? 'var/ui',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: 'ui.html' },
  },
})
