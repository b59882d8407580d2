import { createHash } from 'node:crypto'
import { lstat, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireReplaceable } from '#files/atomicFolder'
import { explained } from '#files/fileErrors'
import { partialFolderOf } from '#files/partialFolder'
import { lockFolder, type FolderLock } from '#files/folderLock'
import { isWorkFile, publishedName } from './workFolder'

/** An export's hold on its target and on the work folder beside it, which no other export has meanwhile. */
export interface TargetClaim {
  /**
   * Whether what stands at the target is what this same request has made: its engine was lost after the output got its
   * name and before the work folder was gone.
   */
  readonly isOwnResult: boolean
  /** Notes what is about to get the target's name. */
  notePublishing(temporaryPath: string): Promise<void>
  /** Lets the target go, and removes the work folder if it is empty. */
  release(): Promise<void>
}

/**
 * Claims the target of an export for as long as it runs.
 *
 * @param request  everything that decides the output, as text
 * @throws StudioError UNWRITABLE when another export, of this process or another, is writing there, and with any other
 *   cause; EXISTS when a folder with the work folder's name holds a person's own files
 */
export async function claimTarget(target: string, request: string): Promise<TargetClaim> {
  const folder = partialFolderOf(target)
  const published = join(folder, publishedName)
  const lock = await lockWorkFolder(folder, target)
  const hash = createHash('sha256').update(request).digest('hex')
  const noted = await readFile(published, 'utf8').catch(() => null)
  return {
    isOwnResult: noted !== null && noted === (await describe(target, hash)),
    async notePublishing(temporaryPath) {
      const text = await describe(temporaryPath, hash)
      if (text) await explained(target, 'write', () => writeFile(published, text))
    },
    async release() {
      await lock.release()
      // Frames that are kept keep the folder.
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

/** A request and the file or folder that it made, which a rename or a hard link does not change; null without one. */
async function describe(path: string, request: string): Promise<string | null> {
  const found = await lstat(path).catch(() => null)
  return found && JSON.stringify({ request, device: found.dev, inode: found.ino, born: found.birthtimeMs })
}
