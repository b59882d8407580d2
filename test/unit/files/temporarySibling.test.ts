import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { removeAbandonedSiblings, temporarySibling } from '#files/temporarySibling'

it('is a new name in the same folder each time (would catch two writers that share a file)', () => {
  const names = new Set(Array.from({ length: 100 }, () => temporarySibling('/a/b.gif')))
  expect(names.size).toBe(100)
  for (const name of names) expect(dirname(name)).toBe('/a')
})

it('removes the files of an ended process, but none of a running process or of another machine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'siblings-'))
  const path = join(folder, 'a.gif')
  const { pid: ended } = spawnSync(process.execPath, ['--version'])
  await writeFile(temporarySibling(path, ended), 'half a file')
  await mkdir(temporarySibling(path, ended))
  const alive = temporarySibling(path)
  await writeFile(alive, 'being written')
  await writeFile(join(folder, '.slerp-studio-other-host-1-2.part'), 'of another machine')
  await writeFile(path, 'finished')

  await removeAbandonedSiblings(path)
  const left = (await readdir(folder)).map((name) => join(folder, name))
  expect(left.sort()).toEqual([alive, join(folder, '.slerp-studio-other-host-1-2.part'), path].sort())
  await rm(folder, { recursive: true })
})

it('keeps the files of a machine whose name begins like this one’s (would catch "mac" removing those of "mac-mini")', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'siblings-'))
  const names = ['mini-1', '2-4711'].map((rest) => `.slerp-studio-${hostname()}-${rest}-${randomUUID()}.part`)
  for (const name of names) await writeFile(join(folder, name), 'being written')
  await removeAbandonedSiblings(join(folder, 'a.gif'))
  expect((await readdir(folder)).sort()).toEqual(names.sort())
  await rm(folder, { recursive: true })
})

it('does nothing if the folder does not exist', async () => {
  const path = join(tmpdir(), `no-such-folder-${randomUUID()}`, 'a')
  await expect(removeAbandonedSiblings(path)).resolves.toBeUndefined()
  expect(existsSync(dirname(path))).toBe(false)
})
