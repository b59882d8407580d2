import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { existingOutput } from '#files/existingOutput'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'existing-output-'))))
afterEach(() => rm(folder, { recursive: true }))

it('tells a file and a filled folder from a free path and an empty folder', async () => {
  await writeFile(join(folder, 'film.gif'), '')
  await mkdir(join(folder, 'empty'))
  await writeFile(join(folder, 'empty', '.DS_Store'), '')
  await mkdir(join(folder, 'frames'))
  await writeFile(join(folder, 'frames', '000001.png'), '')
  const found = ['film.gif', 'empty', 'frames', 'new.gif', 'film.gif/beneath'].map((name) =>
    existingOutput(join(folder, name)),
  )
  expect(await Promise.all(found)).toEqual(['file', null, 'folder', null, null])
})
