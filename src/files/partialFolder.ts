import { basename, dirname, join } from 'node:path'
import { fitUniqueFileName } from './fileName'

/** Returns the folder for unfinished work next to a target; it is deleted once the target is complete. */
export function partialFolderOf(target: string): string {
  const path = target.replace(/[/\\]+$/, '')
  return join(dirname(path), fitUniqueFileName(basename(path), '.partial'))
}
