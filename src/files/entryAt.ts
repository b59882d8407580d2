import type { Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'

/**
 * Returns what is at a path, without following a symbolic link; null if nothing is.
 *
 * @throws the system's error if it cannot tell, as for a name that is too long
 */
export async function entryAt(path: string): Promise<Stats | null> {
  try {
    return await lstat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
