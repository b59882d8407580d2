import { link, copyFile, lstat, realpath, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { promisify } from 'node:util'
import { deflateRaw } from 'node:zlib'
import { StudioError } from '#shared/errors'
import { createAtomicFile, type AtomicFile, type WriteOptions } from '#files/atomicFile'
import { explained } from '#files/fileErrors'
import { fitUniqueFileName } from '#files/fileName'
import { renameFile } from '#files/renameFile'
import { sha256Of } from '#files/sha256'
import { temporarySibling } from '#files/temporarySibling'
import { ZipWriter } from '#files/ZipWriter'
import { growsTooMuch, hashesName, type PartHashes } from './archive'
import { readableParts, type NewPart } from './readableParts'

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

/**
 * Does everything that {@link writeArchive} does except for naming the file, for parts that come from the existing
 * one.
 */
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
  const zip = new ZipWriter((bytes) => file.write(bytes))
  const hashes: PartHashes = {}
  const add = async (name: string, bytes: Buffer) =>
    zip.add(name, bytes, { compress: await isCompressed(name, bytes) })
  for await (const { name, bytes, key } of parts) {
    hashes[name] = { sha256: sha256Of(bytes), key }
    await add(name, bytes)
  }
  await add(hashesName, Buffer.from(JSON.stringify(hashes)))
  return zip.end()
}

/** Text is compressed, unless it would grow so much on opening that it would be refused. */
async function isCompressed(name: string, bytes: Buffer): Promise<boolean> {
  return name.endsWith('.json') && !growsTooMuch(bytes.length, (await promisify(deflateRaw)(bytes)).length)
}

/** Returns the path of the version before the last save: `film.previous.slerp` next to `film.slerp`. */
export function previousVersionOf(path: string): string {
  const ending = extname(path)
  return join(dirname(path), fitUniqueFileName(basename(path, ending), `.previous${ending}`))
}

/**
 * Gives the file at `path`, or the one that a symbolic link there leads to, a second name, replacing the
 * version before it. Does nothing if there is no file.
 *
 * @throws StudioError UNWRITABLE
 */
async function keepPrevious(path: string): Promise<void> {
  const previous = previousVersionOf(path)
  const temporary = temporarySibling(previous)
  try {
    await requireNoFolder(previous)
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

/** @throws StudioError UNWRITABLE if a folder is in the place of the previous version */
async function requireNoFolder(previous: string): Promise<void> {
  const found = await lstat(previous).catch(() => null)
  if (!found?.isDirectory()) return
  throw new StudioError(
    'UNWRITABLE',
    `Cannot keep the previous version as "${previous}": it is a folder: rename that folder, or save under another name.`,
    { path: previous },
  )
}
