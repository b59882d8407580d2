import { access, constants, type FileHandle, link, lstat, open, realpath, rename, rm } from 'node:fs/promises'
import { StudioError } from '#shared/errors'
import { explained } from './fileErrors'
import { removeAbandonedSiblings, temporarySibling } from './temporarySibling'

/** Whether something that stands at the path already may be replaced. */
export interface WriteOptions {
  readonly overwrite: boolean
}

/** A file in the making: nothing is seen at its path before {@link AtomicFile.commit}. */
export interface AtomicFile {
  /** Where the bytes are until then, beside the final path: for programs that write their output themselves. */
  readonly temporaryPath: string
  /** Appends, or writes at a position in bytes: for formats that go back to fill in their header. */
  write(bytes: Uint8Array, position?: number): Promise<void>
  /**
   * Flushes to the disk and gives the file its name, in one step.
   *
   * @param beforeNaming  runs once all bytes are safe: for what is to be done to a file that is about to be replaced
   */
  commit(beforeNaming?: () => Promise<void>): Promise<void>
  /** Leaves nothing behind; without effect after a commit. Safe to call at any time, more than once too. */
  abort(): Promise<void>
}

/** A single write may take only a part, on a disk that is about to be full for example. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  if (position === undefined) return handle.writeFile(bytes)
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}

/** What a symbolic link points at, so that writing through a link replaces its target and keeps the link. */
async function resolveTarget(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}

/** Refuses early what could not be committed later: an hour of frames must not be lost to a name clash. */
async function requireReplaceable(path: string, { overwrite }: WriteOptions): Promise<void> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return
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
  // A rename would replace even a device node or a file marked read-only.
  if (!found.isFile() && !found.isSymbolicLink()) {
    throw new StudioError('UNWRITABLE', `Cannot write "${path}": it is not an ordinary file.`, { path })
  }
  if (found.isFile()) await access(path, constants.W_OK)
}

/** EISDIR is what Windows' answer on exFAT becomes. */
const withoutHardLinks = new Set(['EISDIR', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** Gives `temporaryPath` the name `path`. A hard link, unlike a rename, fails when the name was taken meanwhile. */
async function publish(temporaryPath: string, path: string, options: WriteOptions): Promise<void> {
  if (options.overwrite) return rename(temporaryPath, path)
  try {
    await link(temporaryPath, path)
  } catch (error) {
    if (!withoutHardLinks.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    await requireReplaceable(path, options)
    return rename(temporaryPath, path)
  }
  // It has its name: a second one that stays is no reason to call that a failure.
  await rm(temporaryPath).catch(() => undefined)
}

/** Why a file that was begun in its folder is no longer there. */
function takenAway(path: string): StudioError {
  return new StudioError(
    'UNWRITABLE',
    `Cannot write "${path}": its folder or disk was taken away meanwhile: bring it back and try again, or choose another place.`,
    { path, cause: 'ENOENT' },
  )
}

async function begin(path: string, options: WriteOptions): Promise<AtomicFile> {
  const target = await resolveTarget(path)
  const temporaryPath = temporarySibling(target)
  const handle = await explained(path, 'write', async () => {
    await requireReplaceable(target, options)
    return open(temporaryPath, 'wx')
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
 * Begins a file that appears at `path` whole or not at all. Its folder must exist; what killed
 * processes left there half-written is cleared away.
 *
 * @throws StudioError EXISTS when something is there and `overwrite` is false; UNWRITABLE with the cause
 */
export async function createAtomicFile(path: string, options: WriteOptions): Promise<AtomicFile> {
  const file = await begin(path, options)
  await removeAbandonedSiblings(file.temporaryPath)
  return file
}

/**
 * Writes a file that appears at `path` whole or not at all. Its folder must exist.
 *
 * @throws StudioError EXISTS when something is there and `overwrite` is false; UNWRITABLE with the cause
 */
export async function writeAtomicFile(path: string, bytes: Uint8Array, options: WriteOptions): Promise<void> {
  // Not createAtomicFile: its look around the folder would make a folder of n small files cost n^2.
  const file = await begin(path, options)
  try {
    await file.write(bytes)
    await file.commit()
  } finally {
    await file.abort()
  }
}
