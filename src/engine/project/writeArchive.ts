import { link, copyFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { ZipFile } from 'yazl'
import { createAtomicFile, type AtomicFile, type WriteOptions } from '#files/atomicFile'
import { explained } from '#files/fileErrors'
import { fitFileName } from '#files/fileName'
import { temporarySibling } from '#files/temporarySibling'
import { hashesName, sha256Of, type PartHashes } from './archive'

/** One part of a project file that is being written. */
export interface NewPart {
  readonly name: string
  readonly bytes: Buffer
  /** Of a kept result: what it is kept under. */
  readonly key?: string
}

/** What waits to be written may take so much memory, in bytes, before no more is read. */
const mostWaiting = 2 ** 26
/** One date for all: equal projects are equal files. */
const mtime = new Date('1980-01-01T00:00:00Z')

/**
 * Writes a project file. It appears at `path` whole or not at all, and what was there before stays beside it, as
 * {@link previousVersionOf} says.
 *
 * @param parts  in the order in which they are written; of parts with one name the first is taken
 * @returns its size in bytes
 * @throws StudioError EXISTS, UNWRITABLE, or whatever `parts` throws: what was there before is then as it was
 */
export async function writeArchive(
  path: string,
  parts: AsyncIterable<NewPart>,
  options: WriteOptions,
): Promise<number> {
  const file = await createAtomicFile(path, options)
  try {
    const bytes = await writeParts(file, parts)
    // Not earlier: of a save that the disk refuses, the version before the last one should not pay.
    await file.commit(options.overwrite ? () => keepPrevious(path) : undefined)
    return bytes
  } finally {
    await file.abort()
  }
}

async function writeParts(file: AtomicFile, parts: AsyncIterable<NewPart>): Promise<number> {
  const zip = new ZipFile()
  let [added, written] = [0, 0]
  let wake = (): void => undefined
  const writing = (async () => {
    for await (const chunk of zip.outputStream) {
      await file.write(chunk as Buffer)
      written += (chunk as Buffer).length
      wake()
    }
  })()
  const hashes: PartHashes = {}
  const add = async ({ name, bytes, key }: NewPart): Promise<void> => {
    if (Object.hasOwn(hashes, name)) return
    hashes[name] = { sha256: sha256Of(bytes), key }
    const isText = name.endsWith('.json')
    zip.addBuffer(bytes, name, { compress: isText, mtime, mode: 0o100644 })
    added += bytes.length
    // A failed write wakes nobody: waiting for it as well ends the wait.
    while (added - written > mostWaiting)
      await Promise.race([writing, new Promise<void>((resolve) => (wake = resolve))])
  }
  const filling = (async () => {
    for await (const part of parts) await add(part)
    zip.addBuffer(Buffer.from(JSON.stringify(hashes)), hashesName, { compress: true, mtime, mode: 0o100644 })
    zip.end()
    await writing
  })()
  await Promise.race([filling, writing.then(() => filling)])
  return written
}

/** Where the version before the last save lies: `film.previous.slerp` beside `film.slerp`. */
export function previousVersionOf(path: string): string {
  const ending = extname(path)
  return join(dirname(path), fitFileName(basename(path, ending), `.previous${ending}`))
}

/** Gives the file at `path` a second name, in the place of the version before it. Without a file there, nothing. */
async function keepPrevious(path: string): Promise<void> {
  const previous = previousVersionOf(path)
  const temporary = temporarySibling(previous)
  try {
    await explained(path, 'write', async () => {
      // Where a disk knows no second names, it is copied.
      await link(path, temporary).catch(() => copyFile(path, temporary))
      await rename(temporary, previous)
    })
  } catch (error) {
    if ((error as { data?: { cause?: string } }).data?.cause !== 'ENOENT') throw error
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}
