import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { claimTarget } from '#engine/animation/claimTarget'
import { openWorkFolder } from '#engine/animation/workFolder'
import { partialFolderOf } from '#files/partialFolder'
import { newFolder } from '../../../fixtures/cli'

const newTarget = () => join(newFolder(), 'film.gif')

describe('a claim on a target', () => {
  it('blocks other exports until it is released, and leaves nothing behind', async () => {
    const target = newTarget()
    const claim = await claimTarget(target, 'request')
    await expect(claimTarget(target, 'request')).rejects.toMatchObject({ code: 'UNWRITABLE' })
    await claim.release()
    await (await claimTarget(target, 'request')).release()
    expect(existsSync(partialFolderOf(target))).toBe(false)
  })

  it('keeps the frames of an unfinished export', async () => {
    const target = newTarget()
    const claim = await claimTarget(target, 'request')
    const work = await openWorkFolder(target, 'provenance', { width: 8, height: 6 })
    await work.write(0, Buffer.from('frame'))
    await claim.release()
    const again = await claimTarget(target, 'request')
    expect((await openWorkFolder(target, 'provenance', { width: 8, height: 6 })).isEmpty).toBe(false)
    await work.discard()
    await again.release()
    expect(existsSync(partialFolderOf(target))).toBe(false)
  })

  it('recognises its own result when the engine was lost before it cleaned up (would catch a false “exists already” error)', async () => {
    const target = newTarget()
    const claim = await claimTarget(target, 'request')
    expect(claim.isOwnResult).toBe(false)
    writeFileSync(`${target}.part`, 'film')
    await claim.notePublishing(`${target}.part`)
    renameSync(`${target}.part`, target)
    await claim.release()
    const resent = await claimTarget(target, 'request')
    expect(resent.isOwnResult).toBe(true)
    await resent.release()
    const other = await claimTarget(target, 'another request')
    expect(other.isOwnResult).toBe(false)
    await other.release()
  })

  it('does not accept a result as its own when it was never published or is now another file', async () => {
    const target = newTarget()
    const claim = await claimTarget(target, 'request')
    writeFileSync(`${target}.part`, 'film')
    await claim.notePublishing(`${target}.part`)
    await claim.release()
    const unpublished = await claimTarget(target, 'request')
    expect(unpublished.isOwnResult).toBe(false)
    await unpublished.release()
    writeFileSync(target, 'a person’s own')
    const foreign = await claimTarget(target, 'request')
    expect(foreign.isOwnResult).toBe(false)
    await foreign.release()
  })

  it('does not touch a user’s folder that has the name of its work folder', async () => {
    const target = newTarget()
    mkdirSync(partialFolderOf(target))
    writeFileSync(join(partialFolderOf(target), 'holiday.txt'), '')
    await expect(claimTarget(target, 'request')).rejects.toMatchObject({ code: 'EXISTS' })
    rmSync(join(partialFolderOf(target), 'holiday.txt'))
  })
})
