import { stat } from 'node:fs/promises'
import { explained } from './fileErrors'

/**
 * Returns a text that changes when the file at a path does, even if a replacement has the same size and, as
 * `cp -p` and `unzip` leave it, the same modification time.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE
 */
export async function stampFile(path: string): Promise<string> {
  const { mtimeMs, ctimeMs, size, ino } = await explained(path, 'read', () => stat(path))
  return JSON.stringify([path, mtimeMs, ctimeMs, size, ino])
}
