/**
 * Tells the service worker which files make up this build, and which version they are.
 *
 * A tool of its own rather than a plug-in for progressive web apps: the list is all we need of one.
 */

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Plugin } from 'vite'

const PLACE = '__PRECACHE__'
/** What the worker must not keep: itself, and the file that says which version the server has. */
const NOT_KEPT = ['worker.js', 'version.json']

/** A version that changes with any source, so that two builds of one source are the same version. */
export function versionOf(root: string): string {
  const digest = createHash('sha256')
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  for (const name of [...filesUnder(join(root, 'src')), ...filesUnder(join(root, 'public')), join(root, 'package-lock.json')]) {
    digest.update(relative(root, name)).update(readFileSync(name))
  }
  return `${version}+${digest.digest('hex').slice(0, 8)}`
}

export function precache(root: string, version: string): Plugin {
  return {
    name: 'waybill-precache',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle['worker.js']
        if (worker?.type !== 'chunk') throw new Error('the service worker was not built')
        if (worker.imports.length > 0) throw new Error('the service worker must be one file')
        const open = filesUnder(join(root, 'public')).map((name) => relative(join(root, 'public'), name))
        const files = [...Object.keys(bundle), ...open].filter((name) => !NOT_KEPT.includes(name)).sort()
        const code = worker.code.replace(PLACE, JSON.stringify({ version, files }))
        if (code === worker.code) throw new Error('the service worker has no place for the list of files')
        worker.code = code
        this.emitFile({ type: 'asset', fileName: 'version.json', source: JSON.stringify({ version }) })
      },
    },
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
