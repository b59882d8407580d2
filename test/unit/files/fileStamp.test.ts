import { rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { beforeEach, expect, it } from 'vitest'
import { stampFile } from '#files/fileStamp'
import { emptyFolder } from '../../fixtures/exportTarget'

let path: string
beforeEach(async () => {
  path = join(emptyFolder(), 'apple.png')
  await writeAt(path, 'red')
})

/** Writes a file that was last modified in 2001, whatever it contains. */
async function writeAt(at: string, text: string): Promise<void> {
  await writeFile(at, text)
  await utimes(at, 1e9, 1e9)
}

it('stays the same as long as the file does', async () => {
  expect(await stampFile(path)).toBe(await stampFile(path))
})

it('changes with a file that is written anew with the same size and time (would catch a result of the file before)', async () => {
  const before = await stampFile(path)
  // Longer than a tick of the clock from which file systems take the time of a change.
  await setTimeout(50)
  await writeAt(path, 'big')
  expect(await stampFile(path)).not.toBe(before)
})

it('changes with a file that another of the same size and time is renamed to', async () => {
  const before = await stampFile(path)
  await writeAt(`${path}.new`, 'big')
  await rename(`${path}.new`, path)
  expect(await stampFile(path)).not.toBe(before)
})

it('is NOT_FOUND of a file that is gone', async () => {
  await expect(stampFile(`${path}.gone`)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
