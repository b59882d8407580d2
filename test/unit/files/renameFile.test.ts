import type * as fs from 'node:fs/promises'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, it, vi } from 'vitest'
import { writeAtomicFile } from '#files/atomicFile'
import { renameFile } from '#files/renameFile'
import { emptyFolder } from '../../fixtures/exportTarget'

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof fs>()
  return { ...actual, rename: vi.fn(actual.rename) }
})

let from: string
let to: string
beforeEach(async () => {
  const folder = emptyFolder()
  from = join(folder, 'new')
  to = join(folder, 'film.slerp')
  await writeFile(from, 'new')
  await writeFile(to, 'old')
  vi.mocked(rename).mockClear()
})

/** Lets the next renames fail with these codes. */
function failWith(...codes: string[]): void {
  for (const code of codes) vi.mocked(rename).mockRejectedValueOnce(Object.assign(new Error(code), { code }))
}

it('waits on Windows for a virus scanner to let the file go (would catch a save that fails for a moment)', async () => {
  failWith('EPERM', 'EACCES', 'EBUSY')
  await renameFile(from, to, 'win32')
  expect(await readFile(to, 'utf8')).toBe('new')
})

it('gives up on Windows after about a second, with the system’s error', async () => {
  vi.mocked(rename).mockRejectedValue(Object.assign(new Error('EPERM'), { code: 'EPERM' }))
  const start = performance.now()
  await expect(renameFile(from, to, 'win32')).rejects.toMatchObject({ code: 'EPERM' })
  const took = performance.now() - start
  vi.mocked(rename).mockReset()
  expect(took).toBeGreaterThan(900)
  expect(took).toBeLessThan(10_000)
})

it.each([
  ['win32', 'ENOENT'],
  ['linux', 'EPERM'],
  ['darwin', 'EACCES'],
] as const)('does not wait on %s after %s, which does not pass', async (platform, code) => {
  failWith(code)
  await expect(renameFile(from, to, platform)).rejects.toMatchObject({ code })
  expect(rename).toHaveBeenCalledTimes(1)
})

it('is how an atomic file replaces another', async () => {
  const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('win32')
  try {
    failWith('EBUSY')
    await writeAtomicFile(to, Buffer.from('newer'), { overwrite: true })
  } finally {
    platform.mockRestore()
  }
  expect(await readFile(to, 'utf8')).toBe('newer')
})
