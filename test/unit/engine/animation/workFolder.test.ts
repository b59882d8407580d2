import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { openWorkFolder } from '#engine/animation/workFolder'
import { hasAllPngRows } from '#engine/image/containers/pngPixels'
import { encodePng } from '#engine/image/encodePicture'
import { partialFolderOf } from '#files/partialFolder'
import { noise } from '../../../fixtures/paint'

vi.mock(import('#engine/image/containers/pngPixels'), { spy: true })

const size = { width: 8, height: 6 }
const frame = Buffer.from(await encodePng(noise(8, 6)))
const turned = Buffer.from(await encodePng(noise(6, 8)))
/** The work folder of an export of frames of this size. */
const openWork = (target: string, provenance = 'provenance') => openWorkFolder(target, provenance, size)

function newTarget(): string {
  return join(mkdtempSync(join(tmpdir(), 'slerp-work-')), 'morph.gif')
}

describe('the work folder of an export', () => {
  it('restores the frames of an interrupted run with the same provenance, byte for byte', async () => {
    const target = newTarget()
    const first = await openWork(target)
    await first.write(3, frame)
    const second = await openWork(target)
    expect([await second.has(2), await second.has(3)]).toEqual([false, true])
    expect(frame.equals(await second.read(3))).toBe(true)
  })

  it('decompresses no frame to see that it is intact (would catch minutes of waiting before a long film resumes)', async () => {
    const target = newTarget()
    await (await openWork(target)).write(0, frame)
    expect(await (await openWork(target)).has(0)).toBe(true)
    expect(hasAllPngRows).not.toHaveBeenCalled()
  })

  it('starts over where version 0.1 began, whose provenance file has another name', async () => {
    const target = newTarget()
    await (await openWork(target)).write(0, frame)
    const folder = partialFolderOf(target)
    renameSync(join(folder, 'provenance.json'), join(folder, 'recipe.json'))
    expect(await (await openWork(target)).has(0)).toBe(false)
    expect(existsSync(join(folder, 'recipe.json'))).toBe(false)
  })

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is zeroed', Buffer.alloc(frame.length)],
    ['ends halfway', frame.subarray(0, frame.length / 2)],
    ['has one wrong bit', Buffer.from(frame.map((byte, i) => (i === 50 ? byte ^ 1 : byte)))],
    ['has another size', turned],
  ])('counts a frame as absent that %s, so that it is computed again', async (_, damaged) => {
    const target = newTarget()
    const before = await openWork(target)
    for (const index of [0, 1]) await before.write(index, frame)
    writeFileSync(join(partialFolderOf(target), '000000.png'), damaged)
    const work = await openWork(target)
    expect([await work.has(0), await work.has(1)]).toEqual([false, true])
    await work.write(0, frame)
    expect(await work.has(0)).toBe(true)
  })

  it('works for a target with the longest possible file name', async () => {
    const target = join(dirname(newTarget()), `${'x'.repeat(251)}.gif`)
    await (await openWork(target)).write(0, frame)
    expect(await (await openWork(target)).has(0)).toBe(true)
  })

  it('discards frames of another provenance, so that a resumed film is consistent', async () => {
    const target = newTarget()
    await (await openWork(target, 'eta 0')).write(0, frame)
    expect(await (await openWork(target, 'eta 1')).has(0)).toBe(false)
  })

  it('does not count a half-written or foreign file as a frame', async () => {
    const target = newTarget()
    await openWork(target)
    writeFileSync(join(partialFolderOf(target), '.slerp-studio-1234.part'), 'half')
    writeFileSync(join(partialFolderOf(target), 'notes.png'), 'not a frame')
    expect((await openWork(target)).isEmpty).toBe(true)
  })

  it('reports whether it is empty (would catch a failed export that leaves an empty folder)', async () => {
    const target = newTarget()
    const work = await openWork(target)
    expect(work.isEmpty).toBe(true)
    await work.write(0, frame)
    expect(work.isEmpty).toBe(false)
    expect((await openWork(target)).isEmpty).toBe(false)
  })

  it('leaves nothing behind once discarded', async () => {
    const target = newTarget()
    const work = await openWork(target)
    await work.write(0, frame)
    await work.discard()
    expect(existsSync(partialFolderOf(target))).toBe(false)
  })

  it('is refused when it contains a user’s files, which are kept (would catch emptying a user’s folder of the same name)', async () => {
    const target = newTarget()
    const letter = join(partialFolderOf(target), 'letter.txt')
    mkdirSync(partialFolderOf(target))
    writeFileSync(letter, 'Dear')
    await expect(openWork(target)).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringContaining('it holds "letter.txt", which would be lost: move that elsewhere'),
    })
    expect(readFileSync(letter, 'utf8')).toBe('Dear')
  })

  it('is refused when a file has its name, and the file is kept', async () => {
    const target = newTarget()
    writeFileSync(partialFolderOf(target), 'Dear')
    await expect(openWork(target)).rejects.toMatchObject({ code: 'UNWRITABLE' })
    expect(readFileSync(partialFolderOf(target), 'utf8')).toBe('Dear')
  })

  it('keeps only a foreign file that was added in the meantime once discarded', async () => {
    const target = newTarget()
    const work = await openWork(target)
    await work.write(0, frame)
    writeFileSync(join(partialFolderOf(target), 'letter.txt'), 'Dear')
    await work.discard()
    expect(readdirSync(partialFolderOf(target))).toEqual(['letter.txt'])
  })

  it('removes all files that an earlier export and the system left (would catch a folder that is refused for ever)', async () => {
    const target = newTarget()
    await (await openWork(target, 'eta 0')).write(0, frame)
    for (const name of ['.DS_Store', '.slerp-studio-other-host-1-2.part'])
      writeFileSync(join(partialFolderOf(target), name), '')
    await openWork(target, 'eta 1')
    expect(readdirSync(partialFolderOf(target))).toEqual(['provenance.json'])
  })

  it('is reported as UNWRITABLE when it cannot be created', async () => {
    await expect(openWork('/proc/none/morph.gif')).rejects.toMatchObject({
      code: 'UNWRITABLE',
    })
  })
})
