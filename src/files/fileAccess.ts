import { type FileHandle, open, readFile } from 'node:fs/promises'
import { type ErrorCode, StudioError } from '#shared/errors'
import { explained } from './fileErrors'

/**
 * Runs `use` on a file opened for reading and closes it again.
 *
 * @throws StudioError NOT_FOUND or UNREADABLE with the path, and whatever `use` throws
 */
export function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  return explained(path, 'read', async () => {
    const file = await open(path)
    try {
      return await use(file)
    } finally {
      await file.close()
    }
  })
}

/**
 * Reads a whole JSON file as Python writes it: a byte order mark is skipped, and the NaN and Infinity that JSON does not
 * have are null and the infinite numbers.
 *
 * @param code  what damaged JSON counts as
 * @throws StudioError NOT_FOUND, UNREADABLE or `code`, with the path
 */
export async function readJson(path: string, code: ErrorCode = 'BAD_MODEL'): Promise<unknown> {
  const text = await explained(path, 'read', () => readFile(path, 'utf8'))
  try {
    return parsePythonJson(text)
  } catch (error) {
    throw new StudioError(code, `${path} is not valid JSON (${(error as Error).message}).`)
  }
}

/**
 * Reads part of an open file into a buffer of its own, which starts on the boundary that typed arrays need.
 *
 * @throws StudioError UNREADABLE when the file ends before
 */
export async function readRange(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.from(new ArrayBuffer(length))
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) {
      throw new StudioError('UNREADABLE', 'A file became shorter while it was read: try again.')
    }
    done += bytesRead
  }
  return bytes
}

/** A string, which is left alone, or a number that only Python's JSON has. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?Infinity\b|\bNaN\b/g
/** JSON for a number beyond the range of float64, which JSON.parse reads as infinite. */
const infinite = '1e999'

function parsePythonJson(text: string): unknown {
  const plain = text.replace(/^\uFEFF/, '')
  return JSON.parse(
    plain.replace(stringOrNumber, (found) =>
      found.startsWith('"') ? found : found.replace('Infinity', infinite).replace('NaN', 'null'),
    ),
  )
}
