import { readdir } from 'node:fs/promises'
import type * as Files from 'node:fs/promises'
import { basename, join } from 'node:path'
import { beforeEach, expect, it, vi } from 'vitest'
import { previousVersionOf, writeArchive, type NewPart } from '#engine/project/writeArchive'
import { documentName, withArchive } from '#engine/project/archive'
import { emptyFolder } from '../../../fixtures/exportTarget'

/** Calls that still reach the disk; after them, as after SIGKILL, nothing does any more. */
const life = vi.hoisted(() => ({ left: Infinity }))

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof Files>()
  const step = (): void => {
    if (life.left-- <= 0) throw new Error('killed')
  }
  /** A write that dies halfway has written half. */
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
      // A killed process closes its files; only what it would have done afterwards is gone.
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
  Object.assign(life, { left: Infinity })
})

async function* partsOf(version: string): AsyncGenerator<NewPart> {
  for (let frame = 0; frame < 5; frame++) {
    const name = `frames/${String(frame).repeat(64)}.png`
    yield { name, key: `frame ${frame}`, bytes: Buffer.alloc(9000, version) }
  }
  yield { name: documentName, bytes: Buffer.from(JSON.stringify({ version })) }
}

const save = (version: string): Promise<number> => writeArchive(path, partsOf(version), { overwrite: true })

/** The version that a project file holds, once every part of it was proved. */
function versionAt(file: string): Promise<string> {
  return withArchive(file, async (archive) => {
    const parts = await Promise.all(Object.keys(archive.parts).map((name) => archive.read(name)))
    const { version } = JSON.parse((await archive.read(documentName)).toString()) as { version: string }
    expect(parts.filter((bytes) => bytes.length === 9000 && bytes[0] !== version.charCodeAt(0))).toEqual([])
    return version
  })
}

it('is the old project or the new one after a kill at any call of a save, never a mixture', async () => {
  await save('a')
  let kills = 0
  // How many calls a save takes depends on the pieces that the zip comes in: each kill comes one call later, until none does.
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

it('leaves nothing of a killed save behind once the next one is through', async () => {
  await save('a')
  Object.assign(life, { left: 4 })
  await save('b').catch(() => undefined)
  Object.assign(life, { left: Infinity })
  await save('c')
  const names = await readdir(folder)
  expect(names.filter((name) => !name.endsWith('.part')).sort()).toEqual(
    [basename(path), basename(previousVersionOf(path))].sort(),
  )
})
