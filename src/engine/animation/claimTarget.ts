import { lstat, mkdir, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireReplaceable } from '#files/atomicFolder'
import { isWorkFile, publishedName } from '#files/exportWork'
import { readText } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import { fileLimits } from '#shared/fileLimits'
import { partialFolderOf } from '#files/partialFolder'
import { lockFolder, type FolderLock } from '#files/folderLock'
import { sha256Of } from '#files/sha256'

/** An export's exclusive claim on its target and on the work folder next to it. */
export interface TargetClaim {
  /**
   * Whether the file or folder at the target was made by this same request: the engine was lost after the
   * output had been renamed and before the work folder was removed.
   */
  readonly isOwnResult: boolean
  /**
   * Records that the work folder's content belongs to this export from now on: it is deleted if the export is
   * cancelled.
   */
  takeOver(): Promise<void>
  /** Records which file or folder is about to be renamed to the target. */
  notePublishing(temporaryPath: string): Promise<void>
  /** Releases the target, and removes the work folder if it is empty. */
  release(): Promise<void>
}

/**
 * Claims the target of an export for as long as it runs.
 *
 * @param request  everything that decides the output, as text
 * @throws StudioError UNWRITABLE if another export, in this process or another, is writing there, or for any
 *   other cause; EXISTS if a folder with the work folder's name contains the user's own files
 */
export async function claimTarget(target: string, request: string): Promise<TargetClaim> {
  const folder = partialFolderOf(target)
  const published = join(folder, publishedName)
  const lock = await lockWorkFolder(folder, target)
  const hash = sha256Of(request)
  const noted = await readText(published, fileLimits.publishedRecord).catch(() => null)
  return {
    isOwnResult: noted !== null && noted === (await describe(target, hash)),
    takeOver: () => lock.begin(),
    async notePublishing(temporaryPath) {
      const text = await describe(temporaryPath, hash)
      if (text) await explained(target, 'write', () => writeFile(published, text))
    },
    async release() {
      await lock.release()
      // Fails if finished frames are still there, which is intended.
      await rmdir(folder).catch(() => undefined)
    },
  }
}

async function lockWorkFolder(folder: string, target: string): Promise<FolderLock> {
  await explained(target, 'write', async () => {
    await requireReplaceable(folder, { overwrite: true, replaces: isWorkFile })
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  })
  return lockFolder(folder, target)
}

/**
 * Identifies a request and the file or folder that it made, by properties that survive a rename or a hard
 * link; null if the file does not exist.
 */
async function describe(path: string, request: string): Promise<string | null> {
  const found = await lstat(path).catch(() => null)
  return found && JSON.stringify({ request, device: found.dev, inode: found.ino, born: found.birthtimeMs })
}
