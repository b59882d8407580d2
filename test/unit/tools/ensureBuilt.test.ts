import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { relativeImports } from '../../fixtures/relativeImports'
import { buildSources } from '../../../tools/ensureBuilt.mjs'

const sources = buildSources('.')
/** Whether a change of this file makes the build stale. */
const isWatched = (path: string) => sources.some((source) => path === source || path.startsWith(`${source}/`))

it.each([
  'docs/manual.md',
  'docs/screenshots/morph.png',
  'resources/samples/README.md',
  ...readdirSync('resources/models').map((name) => join('resources/models', name, 'README.md')),
])('a change of %s, which Help shows, makes the build stale (would catch an old Help)', (path) => {
  expect(isWatched(path)).toBe(true)
})

it('a change of a module that builds makes the build stale', () => {
  const modules = new Set(['electron.vite.config.ts', 'tools/build.mjs'])
  for (const path of modules) relativeImports(path).forEach((imported) => modules.add(imported))
  expect(modules.size).toBeGreaterThan(4)
  expect([...modules].filter((path) => !isWatched(path))).toEqual([])
})
