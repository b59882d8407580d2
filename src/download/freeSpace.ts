import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StudioError } from '#shared/errors'
import { formatBytes } from '#core/format/quantities'

/** Returns how many bytes may be written at a path, which need not exist yet. */
export type FreeBytes = (path: string) => Promise<number>

/** Asks the volume of a path, or of its nearest existing parent folder. */
export const freeBytesAt: FreeBytes = async (path) => {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error
    return freeBytesAt(dirname(path))
  }
}

/** Bytes to leave free for everything else. */
const spare = 50e6

/**
 * Refuses a download that would fill the disk.
 *
 * @throws StudioError UNWRITABLE
 */
export async function requireSpace(folder: string, needed: number, freeBytes: FreeBytes): Promise<void> {
  const free = await freeBytes(folder)
  if (needed === 0 || needed + spare <= free) return
  throw new StudioError(
    'UNWRITABLE',
    `The download needs ${formatBytes(needed)} more in "${folder}", with ${formatBytes(spare)} to spare, and its disk has ${formatBytes(free)} free: free some space, or name a folder on another disk in HF_HUB_CACHE.`,
  )
}
