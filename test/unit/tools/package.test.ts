import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { relativeImports } from '../../fixtures/relativeImports'

/** What the build leaves in `out`, one file a folder, and what demos and measurements leave beside it. */
const built = ['main/cli.js', 'preload/index.cjs', 'renderer/index.html', 'manual/pictures/a.png']
const leftOver = ['demo/frame-001.png', 'results/cache/a.npy', 'main.bak/cli.js', 'person.webp']

/** The files that `npm pack` would put into a package of bin, tools and `out`; asks no registry. */
function packedFiles(): string[] {
  // In another folder: in this one it would compress all models and the build, only to list them.
  const folder = mkdtempSync(join(tmpdir(), 'package-'))
  for (const part of ['package.json', 'bin', 'tools']) {
    cpSync(part, join(folder, part), { recursive: true })
  }
  for (const path of [...built, ...leftOver]) {
    mkdirSync(join(folder, 'out', dirname(path)), { recursive: true })
    writeFileSync(join(folder, 'out', path), '')
  }
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline']
  const listing = execFileSync('npm', args, { cwd: folder, encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  const [{ files }] = JSON.parse(listing) as [{ files: { path: string }[] }]
  return files.map(({ path }) => path)
}

const packed = packedFiles()

it('the package contains every module that its commands import (would catch ERR_MODULE_NOT_FOUND after installation)', () => {
  const reached = new Set(['bin/slerp-studio.mjs', 'tools/setupCuda.mjs'])
  for (const path of reached) {
    // The build may be missing; all that matters is that its folders are included whole: see below.
    if (!path.startsWith('out/')) relativeImports(path).forEach((imported) => reached.add(imported))
  }
  expect([...reached]).toEqual(expect.arrayContaining(['tools/ensureBuilt.mjs', 'out/main/cli.js']))
  expect([...reached].filter((path) => !path.startsWith('out/') && !packed.includes(path))).toEqual([])
})

it('the package holds the build and nothing else of `out` (would catch people’s pictures in it)', () => {
  const fromOut = packed.filter((path) => path.startsWith('out/'))
  expect(fromOut.sort()).toEqual(built.map((path) => `out/${path}`).sort())
})

it('the package is built before it is packed (would catch the publication of an old build)', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  expect(scripts['prepack']).toBe('npm run build')
})
