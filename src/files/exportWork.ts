import { existsSync } from 'node:fs'
import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isSystemFile, requireReplaceable } from './atomicFolder'
import { explained } from './fileErrors'
import { type FolderLock, isLockName, lockFolder } from './folderLock'
import { partialFolderOf } from './partialFolder'
import { isTemporaryName, removeAbandonedSiblings } from './temporarySibling'

export const manifestName = 'provenance.json'
/** The manifest's name up to version 0.1: its unfinished exports give way to a new one. */
const oldManifestName = 'recipe.json'
export const frameName = /^\d{6}\.png$/
/** Name of the file that records which output was given the target's name; removed last. See claimTarget. */
export const publishedName = 'published.json'
const lastToGo = [manifestName, oldManifestName, publishedName]

/** Whether a file in a work folder is one that exports make. */
export function isWorkFile(name: string): boolean {
  return lastToGo.includes(name) || frameName.test(name) || isTemporaryName(name) || isLockName(name)
}

/**
 * Removes an export's work, and the folder too unless it contains something else, such as the lock of a
 * running export.
 */
export async function removeWork(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => null)
  if (names === null) return
  const ours = names.filter((name) => (isWorkFile(name) && !isLockName(name)) || isSystemFile(name))
  ours.sort((a, b) => lastToGo.indexOf(a) - lastToGo.indexOf(b))
  for (const name of ours) await rm(join(folder, name), { recursive: true, force: true })
  if (ours.length === names.length) await rm(folder, { recursive: true, force: true })
}

/**
 * Removes what an export left behind because its process was killed: the beginning of its output, and its work
 * folder, but not the frames of an earlier run that it had not yet taken over.
 *
 * @throws StudioError UNWRITABLE if another process is writing there, or for any other cause; EXISTS if a folder
 *   with the work folder's name contains the user's own files
 */
export async function removeAbandonedWork(target: string): Promise<void> {
  await removeAbandonedSiblings(target)
  await removeUnlocked(target, ({ holdsLostWork }) => holdsLostWork)
}

/**
 * Removes the finished frames of an export that is not to be continued.
 *
 * @throws StudioError as {@link removeAbandonedWork}
 */
export async function discardWork(target: string): Promise<void> {
  await removeUnlocked(target, () => true)
}

/** Removes the work folder of a target while no other process can write there, if it is wanted then. */
async function removeUnlocked(target: string, isUnwanted: (lock: FolderLock) => boolean): Promise<void> {
  const folder = partialFolderOf(target)
  if (!existsSync(folder)) return
  await explained(target, 'write', async () => {
    await requireReplaceable(folder, { overwrite: true, replaces: isWorkFile })
  })
  const lock = await lockFolder(folder, target)
  try {
    if (isUnwanted(lock)) await removeWork(folder)
  } finally {
    await lock.release()
  }
  // Fails if frames are still there, which is intended.
  await rmdir(folder).catch(() => undefined)
}
