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
    // Builds nothing, and fails if there is a file "fails-<part>"; "building.mjs" is run in the middle of a build.
    const builder = `import fs from 'node:fs'
      fs.appendFileSync('builds', process.argv[2] + '\\n')
      if (fs.existsSync('building.mjs')) await import(process.cwd() + '/building.mjs')
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
  it('commands that start together build once, and none goes on before that is done (would catch ERR_MODULE_NOT_FOUND)', async () => {
    await change('src/main.ts')
    // As the builder does: empties the folder, and fills it after a while.
    const building = `import fs from 'node:fs'
      fs.rmSync('out/main', { recursive: true })
      await new Promise((resolve) => setTimeout(resolve, 300))
      fs.mkdirSync('out/main')
      const made = ['main/index.js', 'main/cli.js', 'main/engine.js', 'main/probe.js', 'main/download.js']
      for (const path of [...made, 'preload/index.cjs', 'renderer/index.html']) {
        fs.writeFileSync('out/' + path, '')
        fs.utimesSync('out/' + path, ${built + 200}, ${built + 200})
      }`
    await write('building.mjs', building)
    const commands = Array.from({ length: 3 }, async () => {
      await ensureBuilt(clone)
      await readFile(join(clone, 'out/main/cli.js'))
    })
    await Promise.all(commands)
    expect(await builds()).toEqual(['program'])
    expect(await readdir(join(clone, 'out'))).not.toContain('build.lock')
  })

  it('a builder that died keeps nobody waiting for ever', async () => {
    await change('src/main.ts')
    await mkdir(join(clone, 'out/build.lock'))
    await utimes(join(clone, 'out/build.lock'), 0, 0)
    await ensureBuilt(clone)
    expect(await builds()).toEqual(['program'])
  })
})
