import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { relativeImports } from '../../fixtures/relativeImports'
import { ensureBuilt, helpSources, modelTexts, programSources } from '../../../tools/ensureBuilt.mjs'

const isBelow = (sources: string[], path: string) =>
  sources.some((source) => path === source || path.startsWith(`${source}/`))

it.each([
  'docs/manual.md',
  'docs/screenshots/morph.png',
  'resources/samples/README.md',
  'resources/models/fruits-64/README.md',
  'resources/models/fruits-96/README.md',
])('a change of %s makes Help stale, which shows it, and not the program', (path) => {
  expect(isBelow([...helpSources, ...modelTexts('.')], path)).toBe(true)
  expect(isBelow(programSources, path)).toBe(false)
})

it.each([
  ['electron.vite.config.ts', programSources],
  ['tools/manual/index.mjs', helpSources],
])('a change of %s, or of a module it imports, makes what it builds stale', (entry, sources) => {
  const modules = new Set([entry])
  for (const path of modules) relativeImports(path).forEach((imported) => modules.add(imported))
  expect(modules.size).toBeGreaterThan(1)
  // This module decides what is stale, and writes nothing into what is built.
  modules.delete('tools/ensureBuilt.mjs')
  expect([...modules].filter((path) => !isBelow(sources, path))).toEqual([])
})

describe('in a clone that is built', () => {
  let clone: string
  const built = Date.now() / 1000 + 100

  async function write(path: string, text = '') {
    await mkdir(dirname(join(clone, path)), { recursive: true })
    await writeFile(join(clone, path), text)
  }
  const change = (path: string) => utimes(join(clone, path), built + 100, built + 100)
  /** What was built: "program" and "help", in order. */
  const builds = async () =>
    (await readFile(join(clone, 'builds'), 'utf8').catch(() => '')).split('\n').slice(0, -1)

  beforeEach(async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    clone = await mkdtemp(join(tmpdir(), 'clone-'))
    await write('src/main.ts')
    await write('docs/manual.md')
    await write('resources/models/apples/README.md')
    // Builds nothing, and fails if there is a file "fails-<part>".
    const builder = `import fs from 'node:fs'
      fs.appendFileSync('builds', process.argv[2] + '\\n')
      process.exitCode = fs.existsSync('fails-' + process.argv[2]) ? 1 : 0`
    await write('tools/build.mjs', builder)
    for (const name of ['index.js', 'cli.js', 'engine.js', 'probe.js', 'download.js'])
      await write(`out/main/${name}`)
    for (const name of ['preload/index.cjs', 'renderer/index.html', 'manual/manual.html'])
      await write(`out/${name}`)
    await write('out/manual/licences.html')
    for (const entry of await readdir(join(clone, 'out'), { recursive: true }))
      await utimes(join(clone, 'out', entry), built, built)
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await rm(clone, { recursive: true })
  })

  it('nothing is built without a change', async () => {
    await ensureBuilt(clone)
    expect(await builds()).toEqual([])
  })

  it('a stray file beside the models, a model without a text and a dead link end nothing (would catch ENOTDIR and ENOENT)', async () => {
    await write('resources/models/.DS_Store')
    await mkdir(join(clone, 'resources/models/unfinished'))
    await symlink('nowhere', join(clone, 'src/.#main.ts'))
    await ensureBuilt(clone)
    expect(await builds()).toEqual([])
    expect(modelTexts(clone)).toEqual(['resources/models/apples/README.md'])
  })

  it.each(['docs/manual.md', 'resources/models/apples/README.md'])(
    'after a change of %s, Help alone is written',
    async (path) => {
      await change(path)
      await ensureBuilt(clone)
      expect(await builds()).toEqual(['help'])
    },
  )

  it('a command runs on if Help cannot be written, and says so', async () => {
    await change('docs/manual.md')
    await write('fails-help')
    await ensureBuilt(clone)
    expect(console.error).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Help could not be'))
  })

  it('after a change of the program, it is built, and a failed build is an error', async () => {
    await change('src/main.ts')
    await ensureBuilt(clone)
    expect(await builds()).toEqual(['program'])
    await write('fails-program')
    await expect(ensureBuilt(clone)).rejects.toThrow('The build failed')
  })
})
