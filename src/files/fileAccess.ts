import { type FileHandle, open, stat } from 'node:fs/promises'
import { type ErrorCode, StudioError } from '#shared/errors'
import { formatBytes } from '#core/format/quantities'
import { explained } from './fileErrors'

/** Timeout for a disk: longer than a sleeping disk takes to spin up, shorter than users wait. */
const slowestSeconds = 20

/**
 * Waits for one response of a disk, with a timeout: a network folder whose server is gone may never respond.
 *
 * @throws StudioError UNREADABLE if it takes too long
 */
export async function withinTime<T>(what: string, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const sentence = `Cannot read ${what}: its disk has not answered for ${slowestSeconds} seconds. Check the disk, or the connection to the network folder.`
      reject(new StudioError('UNREADABLE', sentence))
    }, slowestSeconds * 1000)
  })
  try {
    return await Promise.race([answer, tooLong])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Opens a file for reading, runs `use` on it and closes it. Only regular files are opened: a named pipe would
 * wait for a writer for ever, and a device never ends.
 *
 * @throws StudioError NOT_FOUND or UNREADABLE with the path, and whatever `use` throws
 */
export function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  return explained(path, 'read', async () => {
    const stats = await withinTime(`"${path}"`, stat(path))
    if (!stats.isFile() && !stats.isDirectory()) {
      throw new StudioError(
        'UNREADABLE',
        `Cannot read "${path}": it is a pipe or a device, not a file. Choose another.`,
        { path },
      )
    }
    const file = await withinTime(`"${path}"`, open(path))
    try {
      return await use(file)
    } finally {
      await file.close()
    }
  })
}

/** Returns the size of a regular file, in bytes; null if there is none, or its disk does not answer. */
export async function sizeOfFile(path: string): Promise<number | null> {
  const stats = await withinTime(`"${path}"`, stat(path)).catch(() => null)
  return stats?.isFile() ? stats.size : null
}

/**
 * Reads a whole file.
 *
 * @param mostBytes  the largest size that is plausible for its kind of content
 * @throws StudioError NOT_FOUND, or UNREADABLE for a file that is larger, is not a regular file, or is on a
 *   disk that hangs
 */
export function readWholeFile(path: string, mostBytes: number): Promise<Buffer> {
  return withFile(path, async (file) => {
    const { size } = await file.stat()
    if (size > mostBytes) {
      const limit = formatBytes(mostBytes)
      throw new StudioError(
        'UNREADABLE',
        `Cannot read "${path}": it has ${formatBytes(size)}, and what belongs there has at most ${limit}. Choose another.`,
        { path },
      )
    }
    return readRange(file, 0, size)
  })
}

/** Reads a whole file in order, piece by piece. */
export function readPieces(path: string, use: (piece: Buffer) => void): Promise<void> {
  return withFile(path, async (file) => {
    const { size } = await file.stat()
    for (let position = 0; position < size; position += pieceBytes) {
      use(await readRange(file, position, Math.min(pieceBytes, size - position)))
    }
  })
}

const pieceBytes = 2 ** 22

/** Far larger than any configuration. */
const longestJson = 64 * 2 ** 20

/**
 * Reads a whole text file: UTF-8, or UTF-16 where its byte order mark says so, as PowerShell writes. The mark is
 * skipped.
 *
 * @throws StudioError as {@link readWholeFile}
 */
export async function readText(path: string, mostBytes: number): Promise<string> {
  const bytes = await readWholeFile(path, mostBytes)
  return new TextDecoder(encodingOf(bytes)).decode(bytes)
}

function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

/**
 * Reads a whole JSON file as Python writes it, with NaN and Infinity, which JSON does not have.
 *
 * @param damaged  error code for text that is not JSON, by what the file should be
 * @throws StudioError NOT_FOUND, UNREADABLE or `damaged`, with the path
 */
export async function readJson(path: string, damaged: ErrorCode): Promise<unknown> {
  const text = await readText(path, longestJson)
  try {
    return parsePythonJson(text)
  } catch (error) {
    // The parser's message quotes the file, including line breaks.
    const reason = (error as Error).message.replace(/[\s\p{Cc}]+/gu, ' ')
    throw new StudioError(
      damaged,
      `${path} is not valid JSON (${reason}): correct the file, or replace it with an intact copy.`,
    )
  }
}

/**
 * Reads part of an open file into a buffer of its own, which is aligned as typed arrays require.
 *
 * @throws StudioError UNREADABLE if the file ends too early
 */
export async function readRange(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.from(new ArrayBuffer(length))
  for (let done = 0; done < length;) {
    const reading = file.read(bytes, done, Math.min(length - done, pieceBytes), position + done)
    const { bytesRead } = await withinTime('a file', reading)
    if (bytesRead === 0) {
      throw new StudioError('UNREADABLE', 'A file became shorter while it was read: try again.')
    }
    done += bytesRead
  }
  return bytes
}

/** A string, which is left unchanged, or a number that only Python's JSON has. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?Infinity\b|\bNaN\b/g
/** JSON for a number beyond the range of float64, which JSON.parse reads as infinite. */
const infinite = '1e999'
/** Stands for NaN, which no JSON can be read as, until the text is parsed. */
const notANumber = '\0NaN'

function parsePythonJson(text: string): unknown {
  let hasNaN = false
  const plain = text.replace(stringOrNumber, (found) => {
    if (found !== 'NaN') return found.startsWith('"') ? found : found.replace('Infinity', infinite)
    hasNaN = true
    return JSON.stringify(notANumber)
  })
  return hasNaN ? JSON.parse(plain, (_key, value) => (value === notANumber ? NaN : value)) : JSON.parse(plain)
}
