import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { discardWork } from '#files/exportWork'
import { partialFolderOf } from '#files/partialFolder'
import { emptyFolder } from '../../fixtures/exportTarget'

/** Makes the work folder of a target, with these files. */
function workOf(names: readonly string[]): { target: string; folder: string } {
  const target = join(emptyFolder(), 'film.gif')
  const folder = partialFolderOf(target)
  mkdirSync(folder)
  for (const name of names) writeFileSync(join(folder, name), name)
  return { target, folder }
}

it('removes the frames of an export that is given up, with their folder (would catch frames that stay for good)', async () => {
  const { target, folder } = workOf(['000000.png', '000001.png', 'provenance.json'])
  await discardWork(target)
  expect(existsSync(folder)).toBe(false)
})

it('does nothing where no frames are', async () => {
  await expect(discardWork(join(emptyFolder(), 'film.gif'))).resolves.toBeUndefined()
})

it('leaves a folder of that name that holds something else as it is', async () => {
  const { target, folder } = workOf(['000000.png', 'thesis.doc'])
  await expect(discardWork(target)).rejects.toMatchObject({ code: 'EXISTS' })
  expect(existsSync(join(folder, '000000.png'))).toBe(true)
})
