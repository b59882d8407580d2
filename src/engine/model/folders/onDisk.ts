import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { explained } from '#files/fileErrors'

/** Finds the first candidate that exists as a file in the folder; null for none. */
export async function findPart(folder: string, candidates: readonly string[]): Promise<string | null> {
  for (const candidate of candidates) {
    const path = join(folder, candidate)
    if ((await ifThere(path, () => stat(path)))?.isFile()) return path
  }
  return null
}

/** Lists the names in a folder, sorted; empty if it does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  const names = await ifThere(folder, () => readdir(folder))
  return (names ?? []).sort()
}

/** Runs an operation on a path; returns null if nothing exists there. */
async function ifThere<T>(path: string, operation: () => Promise<T>): Promise<T | null> {
  try {
    return await operation()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    return explained(path, 'read', () => Promise.reject(error as Error))
  }
}
