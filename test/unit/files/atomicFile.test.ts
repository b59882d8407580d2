import { once } from 'node:events'
import type * as fs from 'node:fs/promises'
import {
  chmod,
  link,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAtomicFile, writeAtomicFile } from '#files/atomicFile'

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof fs>()
  return { ...actual, link: vi.fn(actual.link) }
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whole-file-'))
})
afterEach(() => rm(folder, { recursive: true }))

const bytes = (text: string) => Buffer.from(text)
const failure = (code: string, sentence: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(sentence) })

/** Checks that a file which appears while another of its name is being written is kept as it is, alone. */
async function expectNewcomerKept(): Promise<void> {
  const path = join(folder, 'a')
  const file = await createAtomicFile(path, { overwrite: false })
  await writeFile(path, 'newcomer')
  await expect(file.commit()).rejects.toEqual(failure('EXISTS', /exists already/))
  await file.abort()
  expect(await readFile(path, 'utf8')).toBe('newcomer')
  expect(await readdir(folder)).toEqual(['a'])
}

describe('writeAtomicFile', () => {
  it('writes the bytes and leaves no other file (would catch a leftover temporary file)', async () => {
    await writeAtomicFile(join(folder, 'a'), bytes('whole'), { overwrite: false })
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('whole')
    expect(await readdir(folder)).toEqual(['a'])
  })

  it('replaces a file only if overwriting is allowed (would catch work lost to a name clash)', async () => {
    const path = join(folder, 'a')
    await writeFile(path, 'old')
    await expect(writeAtomicFile(path, bytes('new'), { overwrite: false })).rejects.toEqual(
      failure('EXISTS', /a": it exists already: allow overwriting/),
    )
    expect(await readFile(path, 'utf8')).toBe('old')
    await writeAtomicFile(path, bytes('new'), { overwrite: true })
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(await readdir(folder)).toEqual(['a'])
  })

  it.each([0o600, 0o640, 0o660, 0o666, 0o755])(
    'keeps the permissions %o of a file that it replaces (would catch a private file that everybody may read)',
    async (mode) => {
      const path = join(folder, 'a')
      await writeFile(path, 'old')
      await chmod(path, mode)
      await symlink('a', join(folder, 'link'))
      const permissions = async (of: string) => (await stat(of)).mode & 0o777
      await writeAtomicFile(path, bytes('new'), { overwrite: true })
      expect(await permissions(path)).toBe(mode)
      const file = await createAtomicFile(join(folder, 'link'), { overwrite: true })
      expect(await permissions(file.temporaryPath)).toBe(mode)
      await file.commit()
      expect(await permissions(path)).toBe(mode)
    },
  )

  it('writes through a symbolic link (would catch a link replaced by a file)', async () => {
    await writeFile(join(folder, 'target'), 'old')
    await symlink('target', join(folder, 'link'))
    await writeAtomicFile(join(folder, 'link'), bytes('new'), { overwrite: true })
    expect(await readlink(join(folder, 'link'))).toBe('target')
    expect(await readFile(join(folder, 'target'), 'utf8')).toBe('new')
  })

  it('refuses a folder or a special file even if overwriting is allowed (would catch a replaced device)', async () => {
    const socket = join(folder, 'socket')
    const server = createServer().listen(socket)
    await once(server, 'listening')
    try {
      await expect(writeAtomicFile(socket, bytes('x'), { overwrite: true })).rejects.toEqual(
        failure('UNWRITABLE', /is not an ordinary file/),
      )
      await expect(writeAtomicFile(folder, bytes('x'), { overwrite: true })).rejects.toEqual(
        failure('UNWRITABLE', /is a folder/),
      )
    } finally {
      server.close()
    }
  })

  it.each([
    ['missing/a', /folder that does not exist/],
    ['file/a', /below something that is not a folder/],
    ['n'.repeat(300), /too long a name/],
  ])('says why %s cannot be written, and names the requested path', async (name, sentence) => {
    await writeFile(join(folder, 'file'), '')
    const path = join(folder, name)
    const attempt = writeAtomicFile(path, bytes('x'), { overwrite: false })
    await expect(attempt).rejects.toEqual(failure('UNWRITABLE', sentence))
    await expect(attempt).rejects.toThrow(path)
    expect(await readdir(folder)).toEqual(['file'])
  })
})

describe('createAtomicFile', () => {
  it('refuses at once a name that is too long (would catch one that is found only at the commit, after hours of frames)', async () => {
    const begun = createAtomicFile(join(folder, 'a'.repeat(300)), { overwrite: true })
    await expect(begun).rejects.toEqual(failure('UNWRITABLE', /too long a name/))
    expect(await readdir(folder)).toEqual([])
  })

  it('shows no file before the commit and the whole file after it (would catch a half-written file)', async () => {
    const path = join(folder, 'a')
    const file = await createAtomicFile(path, { overwrite: false })
    await file.write(bytes('first '))
    await expect(readFile(path)).rejects.toThrow('ENOENT')
    await file.write(bytes('second'))
    await file.commit()
    expect(await readFile(path, 'utf8')).toBe('first second')
    await file.abort()
    expect(await readFile(path, 'utf8')).toBe('first second')
  })

  it('commits a file that another program wrote at the temporary path', async () => {
    const file = await createAtomicFile(join(folder, 'a'), { overwrite: false })
    await writeFile(file.temporaryPath, 'by another program')
    await file.commit()
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('by another program')
  })

  it('writes at a given position, as a video writer does to fill in its header', async () => {
    const file = await createAtomicFile(join(folder, 'a'), { overwrite: false })
    await file.write(bytes('____body'), 0)
    await file.write(bytes('head'), 0)
    await file.commit()
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('headbody')
  })

  it('leaves nothing and keeps the old file when aborted, even twice', async () => {
    await writeFile(join(folder, 'a'), 'old')
    const file = await createAtomicFile(join(folder, 'a'), { overwrite: true })
    await file.write(bytes('half'))
    await file.abort()
    await file.abort()
    expect(await readdir(folder)).toEqual(['a'])
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('old')
  })

  it('does not replace a file created in the meantime (would catch a check made only at the start)', async () => {
    await expectNewcomerKept()
  })
})

// Such a file system cannot be mounted without privileges, so only its error is simulated.
describe.each(['EISDIR', 'EPERM', 'ENOTSUP'])('on a disk without hard links (%s), such as exFAT', (code) => {
  beforeEach(() => {
    vi.mocked(link).mockRejectedValueOnce(Object.assign(new Error(code), { code }))
  })

  it('still writes the file and leaves no other', async () => {
    await writeAtomicFile(join(folder, 'a'), bytes('whole'), { overwrite: false })
    expect(link).toHaveBeenCalled()
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('whole')
    expect(await readdir(folder)).toEqual(['a'])
  })

  it('does not replace a file created in the meantime (would catch a rename without a check)', async () => {
    await expectNewcomerKept()
  })
})
