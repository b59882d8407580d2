import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explained, explainFileError, type FileAction } from '#files/fileErrors'
import { StudioError } from '#shared/errors'

const systemError = (code: string) => Object.assign(new Error(code), { code, syscall: 'write' })

describe('explainFileError', () => {
  it.each([
    ['ENOENT', 'read', 'NOT_FOUND', /is not there/],
    ['ENOTDIR', 'read', 'NOT_FOUND', /below something/],
    ['EISDIR', 'read', 'UNREADABLE', /is a folder/],
    ['EACCES', 'read', 'UNREADABLE', /permissions/],
    ['ENOENT', 'write', 'UNWRITABLE', /folder that does not exist/],
    ['EROFS', 'write', 'UNWRITABLE', /read-only disk/],
    ['ENOSPC', 'write', 'UNWRITABLE', /disk that is full/],
    ['EEXIST', 'write', 'EXISTS', /exists already/],
    ['ESTALE', 'write', 'UNWRITABLE', /failed with ESTALE/],
  ] as const)(
    'turns %s on %s into %s, with a message that names the path',
    (cause, action, code, sentence) => {
      const explanation = explainFileError(systemError(cause), '/a/b.gif', action as FileAction)
      expect(explanation).toBeInstanceOf(StudioError)
      expect(explanation).toMatchObject({ code, message: expect.stringMatching(sentence) })
      expect((explanation as Error).message).toMatch(`Cannot ${action} "/a/b.gif"`)
    },
  )

  it('explains that a file is not found because its name is not valid UTF-8', () => {
    const explanation = explainFileError(systemError('ENOENT'), '/a/caf\uFFFD.png', 'read')
    expect(explanation).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/UTF-8: rename it/),
    })
    expect(explainFileError(systemError('EACCES'), '/a/caf\uFFFD.png', 'read')).toMatchObject({
      message: expect.stringMatching(/permissions/),
    })
  })

  it('returns any other error unchanged (would catch a bug disguised as a full disk)', () => {
    const bug = new TypeError('undefined is not a function')
    const known = new StudioError('CANCELLED', 'Cancelled.')
    expect(explainFileError(bug, '/a', 'write')).toBe(bug)
    expect(explainFileError(known, '/a', 'write')).toBe(known)
  })

  it('explains a path that no file can have (would catch a path in a project file that counts as a bug of ours)', async () => {
    const path = '/a\0b'
    await expect(explained(path, 'read', () => readFile(path))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('null character'),
    })
  })

  it('recognises the errors that the system really throws', async () => {
    const missing = join(tmpdir(), 'no-such-file-anywhere')
    await expect(explained(missing, 'read', () => readFile(missing))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(explained(tmpdir(), 'read', () => readFile(tmpdir()))).rejects.toMatchObject({
      code: 'UNREADABLE',
    })
  })
})
