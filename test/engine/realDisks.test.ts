import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { encodePng } from '#engine/image/encodePicture'
import { createAtomicFile } from '#files/atomicFile'
import { newFolder, runCli, tinyModel } from '../fixtures/cli'
import { noise } from '../fixtures/paint'

const disk = join(newFolder(), 'disk')
mkdirSync(disk)
const succeeds = (command: string, ...args: string[]) => spawnSync(command, args).status === 0
const mountDisk = () => succeeds('mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk)
const unmount = () => succeeds('umount', '-l', disk)

const canMount = mountDisk()
if (canMount) unmount()
else {
  const line = '='.repeat(80)
  console.error(
    `\n${line}\nReal full, read-only and vanishing disks are NOT tested: nothing may be mounted here.\n${line}\n`,
  )
}

const film = join(disk, 'film.slerp')
const quick = ['--model', tinyModel, '--steps', '2', '--threads', '1', '--device', 'cpu']
const sample = resolve('resources/samples/apple-red.webp')

describe.skipIf(!canMount)('a project on a real disk of 256 kB', () => {
  beforeEach(async () => {
    unmount()
    mountDisk()
    const { code, stderr } = await runCli(['project', 'new', film, sample, 'seed:1', ...quick])
    expect(code, stderr).toBe(0)
  })
  afterAll(unmount)

  /** Runs a command that must fail with this sentence and leave the disk unchanged. */
  async function expectRefused(args: string[], sentence: RegExp): Promise<void> {
    const before = readFileSync(film)
    const { code, stdout, stderr } = await runCli(args)
    expect([code, stdout]).toEqual([73, ''])
    expect(stderr).toMatch(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(readFileSync(film)).toEqual(before)
    expect(readdirSync(disk)).toEqual(['film.slerp'])
    expect((await runCli(['project', 'inspect', film])).stdout).toContain('All parts are intact.')
  }

  it('stays unchanged when the disk is full, and no partial file is left', async () => {
    const large = join(newFolder(), 'noise.png')
    writeFileSync(large, await encodePng(noise(400, 400)))
    await expectRefused(['project', 'add', film, large], /film\.slerp": it lies on a disk that is full/)
    await expectRefused(
      ['project', 'new', join(disk, 'other.slerp'), large, sample, ...quick],
      /other\.slerp": it lies on a disk that is full/,
    )
  })

  it('cannot be changed when the disk is read-only, and says so in one sentence', async () => {
    succeeds('mount', '-o', 'remount,ro', disk)
    await expectRefused(['project', 'add', film, 'seed:2'], /film\.slerp": it lies on a read-only disk/)
    await expectRefused(
      ['project', 'collect', film, join(disk, 'copy.slerp')],
      /copy\.slerp": it lies on a read-only disk/,
    )
  })

  it('leaves nothing in the mount point when the disk is unmounted during a save', async () => {
    const file = await createAtomicFile(film, { overwrite: true })
    await file.write(Buffer.alloc(1000))
    unmount()
    await expect(file.commit()).rejects.toMatchObject({
      code: 'UNWRITABLE',
      message: expect.stringMatching(/its folder or disk was taken away meanwhile/),
    })
    await file.abort()
    expect(readdirSync(disk)).toEqual([])
  })
})
