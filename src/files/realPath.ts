import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * Returns the absolute path of a file with symbolic links resolved, so that each file has one path. Of a file
 * that does not exist, or of a link that leads nowhere, the folder is resolved.
 */
export async function realPathOf(path: string): Promise<string> {
  const whole = resolve(path)
  const inRealFolder = async (): Promise<string> => join(await realpath(dirname(whole)), basename(whole))
  return realpath(whole)
    .catch(inRealFolder)
    .catch(() => whole)
}
