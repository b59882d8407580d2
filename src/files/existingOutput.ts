import { readdir, stat } from 'node:fs/promises'
import { isSystemFile } from './atomicFolder'

/**
 * Returns what an output at this path would replace: a file, or a folder that holds anything; null for a free path
 * and for one that cannot be read.
 */
export async function existingOutput(path: string): Promise<'file' | 'folder' | null> {
  const found = await stat(path).catch(() => null)
  if (!found?.isDirectory()) return found && 'file'
  const names = await readdir(path).catch(() => [])
  return names.every(isSystemFile) ? null : 'folder'
}
