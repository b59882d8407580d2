import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStudyFolder } from '#engine/lab/studyFolder'
import { newFolder } from '../../../fixtures/cli'
import { entryOf, manifest } from './study'

describe('openStudyFolder', () => {
  it.each(['', 'new'])('accepts an empty or new folder (%j)', async (name) => {
    const folder = join(newFolder(), name)
    await openStudyFolder(folder, manifest)
    expect(readdirSync(folder)).toEqual(['journal.jsonl'])
  })

  it('reopens a folder of the same study with its measured cells', async () => {
    const folder = join(newFolder(), 'study')
    await (await openStudyFolder(folder, manifest)).append(entryOf(0, [0.1, 0.2]))
    expect((await openStudyFolder(folder, manifest)).entries.size).toBe(1)
  })

  it.each([
    ['steps', { ...manifest, study: { ...manifest.study, steps: [10, 20] } }, /S = 10\b.*S = 10, 20/s],
    ['picture', { ...manifest, pictures: [manifest.pictures[0]] }, /2 pictures.*"plain\.png"/s],
    ['weights', { ...manifest, model: { ...manifest.model, sha256: 'cc' } }, /model aa.*model cc/s],
    ['numerics', { ...manifest, numericsVersion: 3 }, /1 thread\).*1 thread, computed by another version\)/s],
    ['threads', { ...manifest, compute: { ...manifest.compute, threads: 4 } }, /1 thread\b.*4 threads/s],
    [
      'precision',
      {
        ...manifest,
        compute: { ...manifest.compute, provider: 'cuda' as const, precision: 'fp16' as const },
      },
      /CPU with 1 thread\b.*CUDA, fp16/s,
    ],
  ])(
    'refuses a folder whose study differs in its %s, and describes both studies',
    async (_, other, names) => {
      const folder = join(newFolder(), 'study')
      await openStudyFolder(folder, manifest)
      await expect(openStudyFolder(folder, other)).rejects.toMatchObject({
        code: 'EXISTS',
        message: expect.stringMatching(names),
      })
    },
  )

  it('accepts a folder that contains only a system file such as .DS_Store', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, '.DS_Store'), '')
    expect((await openStudyFolder(folder, manifest)).entries.size).toBe(0)
  })

  it('refuses a folder that contains other files, and writes nothing to it', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'holiday.txt'), '')
    await expect(openStudyFolder(folder, manifest)).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringContaining('holiday.txt'),
    })
    expect(readdirSync(folder)).toEqual(['holiday.txt'])
  })

  it('refuses a file, and a folder whose parent does not exist', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'file'), '')
    await expect(openStudyFolder(join(folder, 'file'), manifest)).rejects.toMatchObject({
      code: 'UNWRITABLE',
    })
    await expect(openStudyFolder(join(folder, 'no/such'), manifest)).rejects.toMatchObject({
      code: 'UNWRITABLE',
    })
  })
})
