import { basename, dirname, join } from 'node:path'
import { fitUniqueFileName } from './fileName'

/** The folder beside a target in which work that is not finished is kept; it is gone once the target stands. */
export function partialFolderOf(target: string): string {
  const path = target.replace(/[/\\]+$/, '')
  return join(dirname(path), fitUniqueFileName(basename(path), '.partial'))
}
