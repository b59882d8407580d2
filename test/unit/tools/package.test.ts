import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** The files that `npm pack` would put into a package of bin and tools; asks no registry. */
function packedFiles(): string[] {
  // In another folder: in this one it would compress all models and the build, only to list them.
  const folder = mkdtempSync(join(tmpdir(), 'package-'))
  for (const part of ['package.json', 'bin', 'tools']) {
    cpSync(part, join(folder, part), { recursive: true })
  }
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline']
  const listing = execFileSync('npm', args, { cwd: folder, encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  const [{ files }] = JSON.parse(listing) as [{ files: { path: string }[] }]
  return files.map(({ path }) => path)
}

/** Paths, from the root, that one of our own modules imports relatively, statically or dynamically. */
function relativeImports(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, name]) => join(path, '..', name))
}

it('the package contains every module that its commands import (would catch ERR_MODULE_NOT_FOUND after installation)', () => {
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] }
  expect(files).toContain('out')
  const reached = new Set(['bin/slerp-studio.mjs', 'tools/setupCuda.mjs'])
  for (const path of reached) {
    // The build may be missing; all that matters is that it is included whole.
    if (!path.startsWith('out/')) relativeImports(path).forEach((imported) => reached.add(imported))
  }
  expect([...reached]).toEqual(expect.arrayContaining(['tools/ensureBuilt.mjs', 'out/main/cli.js']))
  const packed = new Set(packedFiles())
  expect([...reached].filter((path) => !path.startsWith('out/') && !packed.has(path))).toEqual([])
})
