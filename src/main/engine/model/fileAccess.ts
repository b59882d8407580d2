import { type FileHandle, open, readFile } from 'node:fs/promises'
import { type ErrorCode, StudioError } from '#shared/errors'

/**
 * Runs `use` on a file opened for reading and closes it again.
 *
 * @throws StudioError NOT_FOUND or UNREADABLE with the path, and whatever `use` throws
 */
export async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw accessError(path, error)
  })
  try {
    return await use(file)
  } catch (error) {
    throw isErrno(error) ? accessError(path, error) : error
  } finally {
    await file.close()
  }
}

/**
 * Reads a whole JSON file.
 *
 * @param code  what damaged JSON counts as
 * @throws StudioError NOT_FOUND, UNREADABLE or `code`, with the path
 */
export async function readJson(path: string, code: ErrorCode = 'BAD_MODEL'): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw accessError(path, error)
  })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new StudioError(code, `${path} is not valid JSON (${(error as Error).message}).`)
  }
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

function accessError(path: string, error: NodeJS.ErrnoException): StudioError {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return new StudioError('NOT_FOUND', `There is no file ${path}.`)
  }
  if (error.code === 'EISDIR') return new StudioError('UNREADABLE', `${path} is a folder, not a file.`)
  return new StudioError('UNREADABLE', `${path} cannot be read (${error.code ?? error.message}).`)
}
