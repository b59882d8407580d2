import { access, constants, type FileHandle, link, open, rm } from 'node:fs/promises'
import { StudioError } from '#shared/errors'
import { entryAt } from './entryAt'
import { explained } from './fileErrors'
import { realPathOf } from './realPath'
import { renameFile } from './renameFile'
import { removeAbandonedSiblings, temporarySibling } from './temporarySibling'

/** Whether a file that already exists at the path may be replaced. */
export interface WriteOptions {
  readonly overwrite: boolean
}

/** A file being written: nothing is visible at its path before {@link AtomicFile.commit}. */
export interface AtomicFile {
  /**
   * Where the bytes are until then, next to the final path: for programs that write their output. Absolute,
   * because programs take some relative paths for something else: an option, or the name of a protocol.
   */
  readonly temporaryPath: string
  /** Appends, or writes at a position in bytes: for formats that go back to fill in their header. */
  write(bytes: Uint8Array, position?: number): Promise<void>
  /**
   * Flushes the file to disk and gives it its name, atomically.
   *
   * @param beforeNaming  runs once all bytes are safely on disk: for what must happen before the file
   *   replaces another
   */
  commit(beforeNaming?: () => Promise<void>): Promise<void>
  /** Leaves nothing behind; has no effect after a commit. Safe to call at any time, and more than once. */
  abort(): Promise<void>
}

/** Writes all bytes: a single write may take only a part of them, on a nearly full disk for example. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  if (position === undefined) return handle.writeFile(bytes)
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}

/**
 * Rejects at once a path that could not be committed later: an hour of frames must not be lost to a name clash.
 *
 * @returns the permissions of the file that is there, null if there is none
 */
async function requireReplaceable(path: string, { overwrite }: WriteOptions): Promise<number | null> {
  const found = await entryAt(path)
  if (found === null) return null
  if (found.isDirectory()) {
    throw new StudioError('UNWRITABLE', `Cannot write "${path}": it is a folder: choose a file name.`, {
      path,
    })
  }
  if (!overwrite) {
    throw new StudioError(
      'EXISTS',
      `Cannot write "${path}": it exists already: allow overwriting, or choose another name.`,
      { path },
    )
  }
  // A rename would replace even a device node or a read-only file.
  if (!found.isFile() && !found.isSymbolicLink()) {
    throw new StudioError('UNWRITABLE', `Cannot write "${path}": it is not an ordinary file.`, { path })
  }
  if (!found.isFile()) return null
  await access(path, constants.W_OK)
  return found.mode & 0o777
}

/** Error codes when no hard link can be made. EISDIR is what Node makes of Windows' error on exFAT. */
const withoutHardLinks = new Set(['EISDIR', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** Renames `temporaryPath` to `path`. Unlike a rename, a hard link fails if the name was taken meanwhile. */
async function publish(temporaryPath: string, path: string, options: WriteOptions): Promise<void> {
  if (options.overwrite) return renameFile(temporaryPath, path)
  try {
    await link(temporaryPath, path)
  } catch (error) {
    if (!withoutHardLinks.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    await requireReplaceable(path, options)
    return renameFile(temporaryPath, path)
  }
  // The file has its name: failing to remove the other one does not make this a failure.
  await rm(temporaryPath).catch(() => undefined)
}

/** The error for a file whose temporary path has disappeared. */
function takenAway(path: string): StudioError {
  return new StudioError(
    'UNWRITABLE',
    `Cannot write "${path}": its folder or disk was taken away meanwhile: bring it back and try again, or choose another place.`,
    { path, cause: 'ENOENT' },
  )
}

async function begin(path: string, options: WriteOptions): Promise<AtomicFile> {
  // Writing through a symbolic link replaces its target and keeps the link.
  const target = await realPathOf(path)
  const temporaryPath = temporarySibling(target)
  const handle = await explained(path, 'write', async () => {
    const mode = await requireReplaceable(target, options)
    const opened = await open(temporaryPath, 'wx')
    // Before the first byte: nobody reads a private file while it is replaced. Some disks have no permissions.
    if (mode !== null) await opened.chmod(mode).catch(() => undefined)
    return opened
  })
  let committed = false
  return {
    temporaryPath,
    write: (bytes, position) => explained(path, 'write', () => writeAll(handle, bytes, position)),
    commit: (beforeNaming) =>
      explained(path, 'write', async () => {
        await handle.sync()
        await handle.close()
        await beforeNaming?.()
        await publish(temporaryPath, target, options).catch((error: unknown) => {
          throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? takenAway(path) : error
        })
        committed = true
      }),
    async abort() {
      if (committed) return
      await handle.close().catch(() => undefined)
      await rm(temporaryPath, { force: true }).catch(() => undefined)
    },
  }
}

/**
 * Starts a file that appears at `path` either complete or not at all. Its folder must exist; partial files
 * that killed processes left in it are removed.
 *
 * @throws StudioError EXISTS if something is there and `overwrite` is false; UNWRITABLE with the cause
 */
export async function createAtomicFile(path: string, options: WriteOptions): Promise<AtomicFile> {
  const file = await begin(path, options)
  await removeAbandonedSiblings(file.temporaryPath)
  return file
}

/**
 * Throws what {@link createAtomicFile} would throw and leaves nothing behind, so that minutes of work are not lost to a
 * bad name.
 *
 * @throws StudioError as {@link createAtomicFile}
 */
export async function requireWritable(path: string, options: WriteOptions): Promise<void> {
  const file = await createAtomicFile(path, options)
  await file.abort()
}

/**
 * Writes a file that appears at `path` either complete or not at all. Its folder must exist.
 *
 * @throws StudioError EXISTS if something is there and `overwrite` is false; UNWRITABLE with the cause
 */
export async function writeAtomicFile(path: string, bytes: Uint8Array, options: WriteOptions): Promise<void> {
  // Not createAtomicFile: since it scans the folder, writing n small files into one would cost n^2.
  const file = await begin(path, options)
  try {
    await file.write(bytes)
    await file.commit()
  } finally {
    await file.abort()
  }
}
