/** The version of this build; written in by Vite. */
declare const __VERSION__: string

/** In the service worker: the files of this build; written in by `vite.precache.ts`. */
declare const __PRECACHE__: { readonly version: string; readonly files: readonly string[] }
