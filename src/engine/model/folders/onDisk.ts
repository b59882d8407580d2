import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { explained } from '#files/fileErrors'

/** The first of some files of a folder that is there; null for none. */
export async function findPart(folder: string, candidates: readonly string[]): Promise<string | null> {
  for (const candidate of candidates) {
    const path = join(folder, candidate)
    if ((await ifThere(path, () => stat(path)))?.isFile()) return path
  }
  return null
}

/** Names in a folder, sorted; none when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  const names = await ifThere(folder, () => readdir(folder))
  return (names ?? []).sort()
}

/** The ONNX graphs among names of files. */
export function graphsIn(names: readonly string[]): string[] {
  return names.filter((name) => extname(name) === '.onnx')
}

/** What an operation finds at a path; null when nothing is there. */
async function ifThere<T>(path: string, operation: () => Promise<T>): Promise<T | null> {
  try {
    return await operation()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    return explained(path, 'read', () => Promise.reject(error as Error))
  }
}
