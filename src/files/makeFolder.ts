import { mkdir } from 'node:fs/promises'
import { StudioError } from '#shared/errors'
import { explainFileError } from './fileErrors'

/**
 * Creates a folder and those above it, unless they are there.
 *
 * @param path  what the user named
 * @param mode  permissions of new folders; those of the system by default
 * @throws StudioError UNWRITABLE with the cause
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, { recursive: true, ...(mode !== undefined && { mode }) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw explainFileError(error, path, 'write')
    throw new StudioError('UNWRITABLE', `Cannot write "${path}": it is not a folder: choose another name.`, {
      path,
    })
  }
}
