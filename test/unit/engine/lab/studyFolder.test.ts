import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PictureRecord } from '#engine/lab/journal'
import { openStudyFolder } from '#engine/lab/studyFolder'
import { newFolder } from '../../../fixtures/cli'
import { entryOf, manifest } from './study'

const cropped = manifest.pictures[1] as Extract<PictureRecord, { fit: unknown }>

describe('openStudyFolder', () => {
  it.each(['', 'new'])('accepts an empty or new folder (%j)', async (name) => {
    const folder = join(newFolder(), name)
    await openStudyFolder(folder, manifest)
    expect(readdirSync(folder)).toEqual(['journal.jsonl'])
  })

  it('names the refused card that a study was begun on, and why (would catch a study that seems to be another)', async () => {
    const folder = join(newFolder(), 'study')
    const begun = { ...manifest, compute: { ...manifest.compute, provider: 'cuda' as const, device: 'H200' } }
    await openStudyFolder(folder, begun)
    const now = { ...manifest.compute, asked: 'auto' as const, reason: 'CUDA lacks memory.' }
    await expect(openStudyFolder(folder, manifest, now)).rejects.toMatchObject({
      code: 'EXISTS',
      message: `"${folder}" holds this study, begun on CUDA, H200, which is not used now: repeat the command once it is, or choose another folder. CUDA lacks memory.`,
      data: { resumable: true },
    })
    await expect(openStudyFolder(folder, manifest, { ...now, reason: null })).rejects.toMatchObject({
      message: expect.stringContaining('begun with another device (CUDA, H200, test): go on') as string,
      data: { resumable: false },
    })
  })

  it('reopens a folder of the same study with its measured cells', async () => {
    const folder = join(newFolder(), 'study')
    await (await openStudyFolder(folder, manifest)).append(entryOf(0, [0.1, 0.2]))
    expect((await openStudyFolder(folder, manifest)).entries.size).toBe(1)
  })

  it.each([
    [
      'steps',
      { ...manifest, study: { ...manifest.study, steps: [10, 20] } },
      /\(ddim.*S = 10;.*\), which differs from this one in steps: /,
    ],
    [
      'picture',
      { ...manifest, pictures: [manifest.pictures[0]] },
      /2 pictures.*differs from this one in pictures: /,
    ],
    [
      'weights',
      { ...manifest, model: { ...manifest.model, sha256: 'cc' } },
      /model aa.*differs from this one in model: /,
    ],
    ['numerics', { ...manifest, numericsVersion: 3 }, /was begun by another version of Slerp Studio/],
    [
      'numerics and runtime',
      { ...manifest, numericsVersion: 3, compute: { ...manifest.compute, runtime: 'other' } },
      /was begun by another version of Slerp Studio/,
    ],
    [
      'numerics and steps',
      { ...manifest, numericsVersion: 3, study: { ...manifest.study, steps: [20] } },
      /holds another study .*differs from this one in steps, version: /,
    ],
    [
      'threads',
      { ...manifest, compute: { ...manifest.compute, threads: 4 } },
      /begun with another number of threads \(CPU with 1 thread\b/,
    ],
    [
      'precision',
      {
        ...manifest,
        compute: { ...manifest.compute, provider: 'cuda' as const, precision: 'fp16' as const },
      },
      /begun with another device, precision \(CPU with 1 thread, test\): /,
    ],
    [
      'runtime',
      { ...manifest, compute: { ...manifest.compute, runtime: 'other' } },
      /begun with another runtime \(CPU with 1 thread, test\): /,
    ],
    [
      'crop',
      {
        ...manifest,
        pictures: [
          manifest.pictures[0],
          { ...cropped, fit: { mode: 'contain' as const, background: '#000000' } },
        ],
      },
      /differs from this one in crop: /,
    ],
    [
      'second picture',
      { ...manifest, pictures: [manifest.pictures[0], { ...cropped, sha256: '03' }] },
      /differs from this one in pictures: /,
    ],
    [
      'class',
      { ...manifest, pictures: [manifest.pictures[0], { ...cropped, class: 3 }] },
      /differs from this one in class: /,
    ],
  ])(
    'refuses a folder whose study differs in its %s, and names what differs (would catch "this study and not this study")',
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
