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
import { describe, expect, it } from 'vitest'
import { openWorkFolder } from '#engine/animation/workFolder'
import { partialFolderOf } from '#files/partialFolder'

function newTarget(): string {
  return join(mkdtempSync(join(tmpdir(), 'slerp-work-')), 'morph.gif')
}

describe('the work folder of an export', () => {
  it('restores the frames of an interrupted run with the same provenance, byte for byte', async () => {
    const target = newTarget()
    const first = await openWorkFolder(target, 'provenance')
    await first.write(3, Buffer.from('frame three'))
    const second = await openWorkFolder(target, 'provenance')
    expect(second.resumedFrames).toBe(1)
    expect([second.has(2), second.has(3)]).toEqual([false, true])
    expect((await second.read(3)).toString()).toBe('frame three')
  })

  it('resumes with the frames of version 0.1, whose provenance file has another name', async () => {
    const target = newTarget()
    await (await openWorkFolder(target, 'provenance')).write(0, Buffer.from('old'))
    const folder = partialFolderOf(target)
    renameSync(join(folder, 'provenance.json'), join(folder, 'recipe.json'))
    expect((await openWorkFolder(target, 'provenance')).resumedFrames).toBe(1)
  })

  it('works for a target with the longest possible file name', async () => {
    const target = join(dirname(newTarget()), `${'x'.repeat(251)}.gif`)
    await (await openWorkFolder(target, 'provenance')).write(0, Buffer.from('frame'))
    expect((await openWorkFolder(target, 'provenance')).resumedFrames).toBe(1)
  })

  it('discards frames of another provenance, so that a resumed film is consistent', async () => {
    const target = newTarget()
    await (await openWorkFolder(target, 'eta 0')).write(0, Buffer.from('old'))
    expect((await openWorkFolder(target, 'eta 1')).resumedFrames).toBe(0)
  })

  it('does not count a half-written or foreign file as a frame', async () => {
    const target = newTarget()
    await openWorkFolder(target, 'provenance')
    writeFileSync(join(partialFolderOf(target), '.slerp-studio-1234.part'), 'half')
    writeFileSync(join(partialFolderOf(target), 'notes.png'), 'not a frame')
    expect((await openWorkFolder(target, 'provenance')).resumedFrames).toBe(0)
  })

  it('reports whether it is empty (would catch a failed export that leaves an empty folder)', async () => {
    const target = newTarget()
    const work = await openWorkFolder(target, 'provenance')
    expect(work.isEmpty).toBe(true)
    await work.write(0, Buffer.from('x'))
    expect(work.isEmpty).toBe(false)
    expect((await openWorkFolder(target, 'provenance')).isEmpty).toBe(false)
  })

  it('leaves nothing behind once discarded', async () => {
    const target = newTarget()
    const work = await openWorkFolder(target, 'provenance')
    await work.write(0, Buffer.from('x'))
    await work.discard()
    expect(existsSync(partialFolderOf(target))).toBe(false)
  })

  it('is refused when it contains a user’s files, which are kept (would catch emptying a user’s folder of the same name)', async () => {
    const target = newTarget()
    const letter = join(partialFolderOf(target), 'letter.txt')
    mkdirSync(partialFolderOf(target))
    writeFileSync(letter, 'Dear')
    await expect(openWorkFolder(target, 'provenance')).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringContaining('it holds "letter.txt", which would be lost: move that elsewhere'),
    })
    expect(readFileSync(letter, 'utf8')).toBe('Dear')
  })

  it('is refused when a file has its name, and the file is kept', async () => {
    const target = newTarget()
    writeFileSync(partialFolderOf(target), 'Dear')
    await expect(openWorkFolder(target, 'provenance')).rejects.toMatchObject({ code: 'UNWRITABLE' })
    expect(readFileSync(partialFolderOf(target), 'utf8')).toBe('Dear')
  })

  it('keeps only a foreign file that was added in the meantime once discarded', async () => {
    const target = newTarget()
    const work = await openWorkFolder(target, 'provenance')
    await work.write(0, Buffer.from('x'))
    writeFileSync(join(partialFolderOf(target), 'letter.txt'), 'Dear')
    await work.discard()
    expect(readdirSync(partialFolderOf(target))).toEqual(['letter.txt'])
  })

  it('removes all files that an earlier export and the system left (would catch a folder that is refused for ever)', async () => {
    const target = newTarget()
    await (await openWorkFolder(target, 'eta 0')).write(0, Buffer.from('old'))
    for (const name of ['.DS_Store', '.slerp-studio-other-host-1-2.part'])
      writeFileSync(join(partialFolderOf(target), name), '')
    await openWorkFolder(target, 'eta 1')
    expect(readdirSync(partialFolderOf(target))).toEqual(['provenance.json'])
  })

  it('is reported as UNWRITABLE when it cannot be created', async () => {
    await expect(openWorkFolder('/proc/none/morph.gif', 'provenance')).rejects.toMatchObject({
      code: 'UNWRITABLE',
    })
  })
})
