import { access, constants, lstat, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '#shared/errors'
import { explained } from './fileErrors'
import { removeAbandonedSiblings, temporarySibling } from './temporarySibling'
import type { WriteOptions } from './atomicFile'

/** What may happen to a folder that is there already. */
export interface FolderWriteOptions extends WriteOptions {
  /**
   * Whether an entry of the folder that is there now is of the kind that this writer makes. Overwriting removes the old
   * folder, and must not take a person's other files with it.
   */
  readonly replaces: (name: string) => boolean
}

const systemFiles = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

/** Whether a file is one that systems leave in folders that were looked at: nothing is lost with it. */
export function isSystemFile(name: string): boolean {
  return systemFiles.has(name)
}

/** A folder in the making: nothing is seen at its path before {@link AtomicFolder.commit}. */
export interface AtomicFolder {
  /** Where its files go until then, beside the final path. */
  readonly temporaryPath: string
  /** Gives the folder its name; an old one that may be overwritten goes once the new one stands. */
  commit(): Promise<void>
  /** Leaves nothing behind; without effect after a commit. Safe to call at any time, more than once too. */
  abort(): Promise<void>
}

/**
 * Refuses a place that must not be replaced; an empty folder is free. Answers whether a folder is there.
 *
 * @throws StudioError EXISTS when files are there and `overwrite` is false, or when others than this writer's are
 *   there; UNWRITABLE when it is no folder
 */
export async function requireReplaceable(
  path: string,
  { overwrite, replaces }: FolderWriteOptions,
): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return false
  if (!found.isDirectory()) {
    throw new StudioError('UNWRITABLE', `Cannot write "${path}": it is not a folder: choose another name.`, {
      path,
    })
  }
  const entries = (await readdir(path)).filter((name) => !isSystemFile(name))
  if (entries.length > 0 && !overwrite) {
    throw new StudioError(
      'EXISTS',
      `Cannot write "${path}": it is there already and not empty: allow overwriting, or choose another name.`,
      { path },
    )
  }
  const foreign = entries.find((name) => !replaces(name))
  if (foreign !== undefined) {
    throw new StudioError(
      'EXISTS',
      `Cannot overwrite the folder "${path}": it holds "${foreign}", which would be lost: move that elsewhere, or choose another name.`,
      { path, foreign },
    )
  }
  await access(path, constants.W_OK)
  return true
}

async function publish(temporaryPath: string, path: string, options: FolderWriteOptions): Promise<void> {
  if (!(await requireReplaceable(path, options))) return rename(temporaryPath, path)
  const old = temporarySibling(path)
  await rename(path, old)
  try {
    await rename(temporaryPath, path)
  } catch (error) {
    await rename(old, path)
    throw error
  }
  if (options.overwrite) await rm(old, { recursive: true, force: true })
  else await removeEmpty(old)
}

/** Not with what may have come into it meanwhile. */
async function removeEmpty(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter(isSystemFile)) await rm(join(folder, name))
  await rmdir(folder)
}

/**
 * Begins a folder that appears at `path` with all its files or not at all. The folder above must exist.
 *
 * @throws StudioError EXISTS when files are there and `overwrite` is false, or when others than this writer's are
 *   there; UNWRITABLE with the cause
 */
export async function createAtomicFolder(path: string, options: FolderWriteOptions): Promise<AtomicFolder> {
  const temporaryPath = temporarySibling(path)
  await explained(path, 'write', async () => {
    await requireReplaceable(path, options)
    await removeAbandonedSiblings(path)
    await mkdir(temporaryPath)
  })
  return {
    temporaryPath,
    // After a commit the temporary path is gone, so nothing is left for this to remove.
    abort: () => rm(temporaryPath, { recursive: true, force: true }),
    commit: () => explained(path, 'write', () => publish(temporaryPath, path, options)),
  }
}
