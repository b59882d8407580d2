import { access, constants, mkdir, open, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '#shared/errors'
import { entryAt } from './entryAt'
import { explained } from './fileErrors'
import { renameFile } from './renameFile'
import { removeAbandonedSiblings, temporarySibling } from './temporarySibling'
import type { WriteOptions } from './atomicFile'

/** What may happen to an existing folder. */
export interface FolderWriteOptions extends WriteOptions {
  /**
   * Whether an entry of the existing folder is of the kind that this writer makes. Overwriting deletes the
   * old folder, and must not delete the user's other files with it.
   */
  readonly replaces: (name: string) => boolean
}

const systemFiles = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

/** Whether a file is one that operating systems leave in folders they displayed. Losing it does no harm. */
export function isSystemFile(name: string): boolean {
  return systemFiles.has(name)
}

/** A folder being written: nothing is visible at its path before {@link AtomicFolder.commit}. */
export interface AtomicFolder {
  /** Where its files go until then, next to the final path. */
  readonly temporaryPath: string
  /** Flushes its files to disk, gives the folder its name, and then deletes an old one that may be overwritten. */
  commit(): Promise<void>
  /** Leaves nothing behind; has no effect after a commit. Safe to call at any time, and more than once. */
  abort(): Promise<void>
}

/**
 * Rejects a path that must not be replaced; an empty folder may be. Returns whether a folder is there.
 *
 * @throws StudioError EXISTS if files are there and `overwrite` is false, or if files of another kind than
 *   this writer's are there; UNWRITABLE if it is not a folder; the system's error if it cannot be looked at
 */
export async function requireReplaceable(
  path: string,
  { overwrite, replaces }: FolderWriteOptions,
): Promise<boolean> {
  const found = await entryAt(path)
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

/** Windows flushes only files that are open for writing; elsewhere, a copied file may be read-only. */
const flushFlags = process.platform === 'win32' ? 'r+' : 'r'

/** Flushes all files in a folder to disk, so that none is empty if the power fails after the folder is named. */
async function flushFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await flushFiles(path)
    else if (entry.isFile()) await flushFile(path)
  }
}

async function flushFile(path: string): Promise<void> {
  const handle = await open(path, flushFlags)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function publish(temporaryPath: string, path: string, options: FolderWriteOptions): Promise<void> {
  await flushFiles(temporaryPath)
  if (!(await requireReplaceable(path, options))) return renameFile(temporaryPath, path)
  const old = temporarySibling(path)
  await renameFile(path, old)
  try {
    await renameFile(temporaryPath, path)
  } catch (error) {
    await renameFile(old, path)
    throw error
  }
  if (options.overwrite) await rm(old, { recursive: true, force: true })
  else await removeEmpty(old)
}

/** Deletes a folder that holds only system files; fails if anything else has been added meanwhile. */
async function removeEmpty(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter(isSystemFile)) await rm(join(folder, name))
  await rmdir(folder)
}

/**
 * Starts a folder that appears at `path` with all its files or not at all. Its parent folder must exist.
 *
 * @throws StudioError EXISTS if files are there and `overwrite` is false, or if files of another kind than
 *   this writer's are there; UNWRITABLE with the cause
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
    // After a commit the temporary path no longer exists, so this removes nothing.
    abort: () => rm(temporaryPath, { recursive: true, force: true }),
    commit: () => explained(path, 'write', () => publish(temporaryPath, path, options)),
  }
}
