import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * Returns the absolute path of a file with symbolic links resolved, so that each file has one path. If the file does
 * not exist, or a link leads nowhere, its folder is resolved.
 */
export async function realPathOf(path: string): Promise<string> {
  const whole = resolve(path)
  const inRealFolder = async (): Promise<string> => join(await realpath(dirname(whole)), basename(whole))
  return realpath(whole)
    .catch(inRealFolder)
    .catch(() => whole)
}
