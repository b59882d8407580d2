import { spawnSync } from 'node:child_process'
import { readdir, rename } from 'node:fs/promises'
import type * as Files from 'node:fs/promises'
import { basename, join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { holdFile } from '#files/fileHold'
import { isTemporaryName, temporarySibling } from '#files/temporarySibling'
import { StudioError } from '#shared/errors'
import type { NewPart } from '#engine/project/readableParts'
import { previousVersionOf, writeArchive } from '#engine/project/writeArchive'
import { documentName, withArchive } from '#engine/project/archive'
import { emptyFolder } from '../../../fixtures/exportTarget'

/**
 * Calls that still reach the disk. After them nothing does, as after SIGKILL; with a `fault`, a single call
 * fails with this system error code and the others succeed.
 */
const life = vi.hoisted(() => ({ left: Infinity, fault: null as string | null }))

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof Files>()
  const step = (): void => {
    if (life.fault === null && life.left-- <= 0) throw new Error('killed')
    if (life.fault !== null && life.left-- === 0)
      throw Object.assign(new Error(life.fault), { code: life.fault, syscall: 'write' })
  }
  /** A write that is killed halfway has written half. */
  const writeHalf = (handle: { write: (bytes: Uint8Array) => Promise<unknown> }, bytes: Uint8Array) =>
    life.left === 0 ? handle.write(bytes.subarray(0, bytes.length / 2)) : undefined
  const guarded = ['link', 'rename', 'rm', 'copyFile', 'writeFile', 'mkdir'] as const
  const mocked: Record<string, unknown> = { ...real }
  for (const name of guarded) {
    mocked[name] = async (...args: never[]) => {
      step()
      return (real[name] as (...args: never[]) => unknown)(...args)
    }
  }
  mocked.open = async (...args: Parameters<typeof real.open>) => {
    if (args[1] === undefined) return real.open(...args)
    step()
    const handle = await real.open(...args)
    const { write, sync, close, writeFile } = {
      write: handle.write.bind(handle),
      sync: handle.sync.bind(handle),
      close: handle.close.bind(handle),
      writeFile: handle.writeFile.bind(handle),
    }
    return Object.assign(handle, {
      write: async (bytes: Uint8Array, ...rest: never[]) => {
        await writeHalf({ write }, bytes)
        step()
        return (write as (...args: unknown[]) => unknown)(bytes, ...rest)
      },
      writeFile: async (bytes: Uint8Array) => {
        await writeHalf({ write }, bytes)
        step()
        return writeFile(bytes)
      },
      sync: async () => (step(), sync()),
      // A killed process closes its files; only what it would have done afterwards is lost.
      close: async () => {
        await close()
        step()
      },
    })
  }
  return mocked
})

let folder: string
let path: string
beforeEach(() => {
  folder = emptyFolder()
  path = join(folder, 'film.slerp')
  Object.assign(life, { left: Infinity, fault: null })
})

/** So large that every frame is written on its own. */
const frameBytes = 2 ** 20

async function* partsOf(version: string): AsyncGenerator<NewPart> {
  for (let frame = 0; frame < 5; frame++) {
    const name = `frames/${String(frame).repeat(64)}.png`
    yield { name, key: `frame ${frame}`, bytes: Buffer.alloc(frameBytes, version) }
  }
  yield { name: documentName, bytes: Buffer.from(JSON.stringify({ version })) }
}

const save = (version: string): Promise<number> => writeArchive(path, partsOf(version), { overwrite: true })

/** The version that a project file holds, after verifying every part of it. */
function versionAt(file: string): Promise<string> {
  return withArchive(file, async (archive) => {
    const parts = await Promise.all(Object.keys(archive.parts).map((name) => archive.read(name)))
    const { version } = JSON.parse((await archive.read(documentName)).toString()) as { version: string }
    expect(
      parts.filter((bytes) => bytes.length === frameBytes && bytes[0] !== version.charCodeAt(0)),
    ).toEqual([])
    return version
  })
}

it('a save killed at any call leaves the complete old or new project, never a mixture', async () => {
  await save('a')
  let kills = 0
  // The number of calls in a save depends on the zip's pieces: each kill comes one call later, until none
  // does.
  for (let isThrough = false; !isThrough; kills++) {
    Object.assign(life, { left: Infinity })
    await save('a')
    Object.assign(life, { left: kills })
    isThrough = await save('b').then(
      () => true,
      () => false,
    )
    Object.assign(life, { left: Infinity })
    const version = await versionAt(path)
    if (isThrough) expect(version).toBe('b')
    expect(['a', 'b']).toContain(version)
    expect(['a', 'b']).toContain(await versionAt(previousVersionOf(path)))
  }
  expect(kills).toBeGreaterThan(8)
})

it('after a killed save, the next save leaves only the project and its previous version', async () => {
  await save('a')
  Object.assign(life, { left: 4 })
  await save('b').catch(() => undefined)
  Object.assign(life, { left: Infinity })
  // What was killed here is this process, which goes on: its file becomes that of a process that has ended.
  const halfWritten = (await readdir(folder)).filter(isTemporaryName)
  expect(halfWritten).not.toEqual([])
  const { pid: ended } = spawnSync(process.execPath, ['--version'])
  for (const name of halfWritten) await rename(join(folder, name), temporarySibling(path, ended))
  await save('c')
  expect((await readdir(folder)).sort()).toEqual([basename(path), basename(previousVersionOf(path))].sort())
})

it.each(['ENOSPC', 'EROFS', 'EIO', 'EDQUOT', 'ENOENT', 'EACCES'])(
  'a save in which any one call fails with %s either succeeds or keeps the old project and gives a reason',
  async (fault) => {
    let failures = 0
    for (let call = 0; ; call++) {
      Object.assign(life, { left: Infinity, fault: null })
      await save('a')
      Object.assign(life, { left: call, fault })
      const outcome = await save('b').then(
        () => 'saved',
        (error: unknown) => error,
      )
      const isThrough = life.left > 0
      Object.assign(life, { left: Infinity, fault: null })
      if (outcome !== 'saved') {
        failures++
        expect(outcome).toBeInstanceOf(StudioError)
        expect(outcome).toMatchObject({ code: 'UNWRITABLE', message: expect.stringContaining(path) })
      }
      expect(await versionAt(path)).toBe(outcome === 'saved' ? 'b' : 'a')
      const names = await readdir(folder)
      // Files that could not be removed are removed by the next save.
      if (names.some((name) => name.endsWith('.part'))) expect(call).toBeGreaterThan(8)
      if (isThrough) break
    }
    expect(failures).toBeGreaterThan(5)
  },
)

describe('a project file name', () => {
  const names = [
    `${'a'.repeat(249)}.slerp`,
    `${'é'.repeat(124)}.slerp`,
    `${'片'.repeat(83)}.slerp`,
    'film with spaces .slerp',
    'a\nb\tc.slerp',
    '-rf.slerp',
    '"quoted" \'twice\' `and` $HOME %PATH%.slerp',
    '100 % # ? & ; | < > *.slerp',
    'e\u0301 is not \u00e9.slerp',
    '🎞️ 👩‍🎨.slerp',
    '.hidden.slerp',
    'no ending',
  ]

  it.each(names)(
    '%j can be saved twice, opened and locked, and its previous version is kept',
    async (name) => {
      path = join(folder, name)
      await save('a')
      await save('b')
      expect(await versionAt(path)).toBe('b')
      expect(await versionAt(previousVersionOf(path))).toBe('a')
      const hold = await holdFile(path)
      expect(hold).toMatchObject({ release: expect.any(Function) })
      expect((await readdir(folder)).length).toBe(3)
      if (typeof hold !== 'string') await hold.release()
    },
  )
})
