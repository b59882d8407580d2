import type * as Files from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { previousVersionOf } from '#engine/project/writeArchive'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { filmOf, samplePath, startEngine } from '../../../fixtures/projects'

/** Each rename: its target, and the files that this process had open. */
const renames = vi.hoisted(() => [] as { to: string; open: string[] }[])

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof Files>()
  const openFiles = async (): Promise<string[]> => {
    const ids = await real.readdir('/proc/self/fd')
    return Promise.all(ids.map((id) => real.readlink(join('/proc/self/fd', id)).catch(() => '')))
  }
  const rename: typeof real.rename = async (from, to) => {
    renames.push({ to: String(to), open: await openFiles() })
    return real.rename(from, to)
  }
  return { ...real, rename }
})

it('a save over the project that it was opened from replaces no file that is open (would catch one that Windows refuses)', async () => {
  const folder = emptyFolder()
  const path = join(folder, 'film.slerp')
  const engine = startEngine(folder)
  const { document } = await engine.find(filmOf([samplePath('tomato-heart')]), [])
  await engine.save(path, document)
  for (const notes of ['second', 'third']) {
    renames.length = 0
    await engine.save(path, { ...document, notes }, { from: path })
    const ours = renames.filter(({ to }) => [path, previousVersionOf(path)].includes(to))
    expect(ours.map(({ to }) => to)).toEqual([previousVersionOf(path), path])
    for (const { open } of ours) expect(open.filter((file) => file.startsWith(`${folder}/film`))).toEqual([])
  }
  expect((await engine.open(path)).document.notes).toBe('third')
  expect((await engine.open(previousVersionOf(path))).document.notes).toBe('second')
})
