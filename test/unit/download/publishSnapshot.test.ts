import type * as promises from 'node:fs/promises'
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { blobPath, publishSnapshot } from '../../../src/download/publishSnapshot'

/** Calls that this disk does not support, as exFAT supports neither and Windows often no symbolic links. */
const unknown = vi.hoisted(() => new Set<string>())
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof promises>()
  const unlessUnknown = (name: 'link' | 'symlink') => async (target: string, path: string) => {
    if (unknown.has(name)) throw Object.assign(new Error('not permitted'), { code: 'EPERM' })
    await real[name](target, path)
  }
  return { ...real, link: unlessUnknown('link'), symlink: unlessUnknown('symlink') }
})

const commit = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678'
const files = [
  { path: 'unet/model.safetensors', size: 5, hash: 'b'.repeat(64) },
  { path: 'model_index.json', size: 2, hash: 'c'.repeat(40) },
]
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snapshot-'))
  await mkdir(join(folder, 'blobs'))
  for (const file of files) await writeFile(blobPath(folder, file), `of ${file.path}`)
})
afterEach(async () => {
  unknown.clear()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

it.each([
  ['a symbolic link', [], '', { symbolic: true, names: 1 }],
  ['a hard link where symbolic ones are unknown', ['symlink'], '', { symbolic: false, names: 2 }],
  ['a hard link where symbolic ones are not wanted', [], '1', { symbolic: false, names: 2 }],
  ['a copy where no links are known', ['symlink', 'link'], '', { symbolic: false, names: 1 }],
])(
  'makes each file of a snapshot %s (would catch a download that succeeds but cannot be opened)',
  async (_, missing, unwanted, { symbolic, names }) => {
    for (const way of missing) unknown.add(way)
    vi.stubEnv('HF_HUB_DISABLE_SYMLINKS', unwanted)
    const snapshot = await publishSnapshot(folder, commit, files, 'main')
    for (const file of files) {
      const path = join(snapshot, file.path)
      expect(await readFile(path, 'utf8')).toBe(`of ${file.path}`)
      const stats = await lstat(path)
      expect([stats.isSymbolicLink(), stats.nlink]).toEqual([symbolic, names])
    }
    // No temporary files are left.
    expect((await readdir(snapshot, { recursive: true })).sort()).toEqual([
      'model_index.json',
      'unet',
      'unet/model.safetensors',
    ])
    expect(await readFile(join(folder, 'refs/main'), 'utf8')).toBe(commit)
    // Once more, over the existing files: an interrupted download is published again.
    await publishSnapshot(folder, commit, files, 'main')
    expect(await readFile(join(snapshot, files[0].path), 'utf8')).toBe(`of ${files[0].path}`)
  },
)
