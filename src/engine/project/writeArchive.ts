import { link, copyFile, realpath, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { promisify } from 'node:util'
import { deflateRaw } from 'node:zlib'
import { ZipFile } from 'yazl'
import { createAtomicFile, type AtomicFile, type WriteOptions } from '#files/atomicFile'
import { explained } from '#files/fileErrors'
import { fitUniqueFileName } from '#files/fileName'
import { renameFile } from '#files/renameFile'
import { temporarySibling } from '#files/temporarySibling'
import { growsTooMuch, hashesName, sha256Of, type PartHashes } from './archive'
import { readableParts, type NewPart } from './readableParts'

/** Limit on the bytes waiting in memory to be written, above which no more parts are read. */
const mostWaiting = 2 ** 26
/** The same date for all parts, so that equal projects are equal files. */
const mtime = new Date('1980-01-01T00:00:00Z')

/** A project file that is complete, but does not have its name yet. */
export interface PreparedArchive {
  /** Its size. */
  readonly bytes: number
  /**
   * Gives it its name. The version that it replaces must be closed: Windows replaces no open file.
   *
   * @throws StudioError EXISTS, UNWRITABLE; the existing file then stays unchanged
   */
  commit(): Promise<void>
}

/**
 * Writes a project file atomically. The previous version is kept next to it under the name that
 * {@link previousVersionOf} returns. Results that would make it larger than is read are left out.
 *
 * @param parts  in the order in which they are written; if several have the same name, the first one is used.
 *   They must not come from the file that is replaced: see {@link prepareArchive}
 * @returns its size in bytes
 * @throws StudioError EXISTS, UNWRITABLE, BAD_INPUT for a document that is too large, or whatever `parts`
 *   throws; the existing file then stays unchanged
 */
export async function writeArchive(
  path: string,
  parts: AsyncIterable<NewPart>,
  options: WriteOptions,
): Promise<number> {
  const { bytes, commit } = await prepareArchive(path, parts, options)
  await commit()
  return bytes
}

/** Does the work of {@link writeArchive} except for naming the file, for parts that come from the existing one. */
export async function prepareArchive(
  path: string,
  parts: AsyncIterable<NewPart>,
  options: WriteOptions,
): Promise<PreparedArchive> {
  const file = await createAtomicFile(path, options)
  try {
    const bytes = await writeParts(file, readableParts(path, parts))
    return {
      bytes,
      // The previous version is kept only now, so that a failed save does not overwrite the one before it.
      commit: () =>
        file.commit(options.overwrite ? () => keepPrevious(path) : undefined).finally(() => file.abort()),
    }
  } catch (error) {
    await file.abort()
    throw error
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
    hashes[name] = { sha256: sha256Of(bytes), key }
    zip.addBuffer(bytes, name, await entryOptions(name, bytes))
    added += bytes.length
    // A failed write never calls `wake`, so the wait also ends when `writing` does.
    while (added - written > mostWaiting)
      await Promise.race([writing, new Promise<void>((resolve) => (wake = resolve))])
  }
  const filling = (async () => {
    for await (const part of parts) await add(part)
    const listed = Buffer.from(JSON.stringify(hashes))
    zip.addBuffer(listed, hashesName, await entryOptions(hashesName, listed))
    zip.end()
    await writing
  })()
  await Promise.race([filling, writing.then(() => filling)])
  return written
}

/** Compresses text, unless it would grow so much on opening that it would be refused. */
async function entryOptions(name: string, bytes: Buffer) {
  const isText = name.endsWith('.json')
  const compress = isText && !growsTooMuch(bytes.length, (await promisify(deflateRaw)(bytes)).length)
  return { compress, mtime, mode: 0o100644 }
}

/** Returns the path of the version before the last save: `film.previous.slerp` next to `film.slerp`. */
export function previousVersionOf(path: string): string {
  const ending = extname(path)
  return join(dirname(path), fitUniqueFileName(basename(path, ending), `.previous${ending}`))
}

/**
 * Gives the file at `path`, or the one that a symbolic link there leads to, a second name, replacing the
 * version before it. Does nothing if there is no file.
 */
async function keepPrevious(path: string): Promise<void> {
  const previous = previousVersionOf(path)
  const temporary = temporarySibling(previous)
  try {
    await explained(path, 'write', async () => {
      // Not `path`: a second name of a symbolic link would lead to the new version.
      const file = await realpath(path)
      // On file systems without hard links, the file is copied.
      await link(file, temporary).catch(() => copyFile(file, temporary))
      await renameFile(temporary, previous)
    })
  } catch (error) {
    if ((error as { data?: { cause?: string } }).data?.cause !== 'ENOENT') throw error
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}
