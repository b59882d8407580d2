import { rename } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

/** Windows' error codes for a rename while another program has one of the two open. */
const passing = new Set(['EPERM', 'EACCES', 'EBUSY'])
/** The waits between attempts, in milliseconds: a virus scanner lets a new file go within about a second. */
const waits = [10, 20, 40, 80, 160, 320, 400]

/**
 * Renames a file or folder. On Windows, where a rename fails while another program has one of the two open, it is
 * tried again for about a second.
 *
 * @throws the system's error
 */
export async function renameFile(
  from: string,
  to: string,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  for (const wait of platform === 'win32' ? waits : []) {
    try {
      return await rename(from, to)
    } catch (error) {
      if (!passing.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
    await setTimeout(wait)
  }
  return rename(from, to)
}
