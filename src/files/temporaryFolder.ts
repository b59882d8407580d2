import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StudioError } from '#shared/errors'

/**
 * Makes a new folder in the system's temporary folder.
 *
 * @param prefix  what its name begins with
 * @returns its path
 * @throws StudioError UNWRITABLE
 */
export function makeTemporaryFolder(prefix: string): string {
  const folder = tmpdir()
  try {
    return mkdtempSync(join(folder, prefix))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new StudioError(
      'UNWRITABLE',
      `Cannot make a folder in the temporary folder "${folder}" (${code}): set ${process.platform === 'win32' ? 'TEMP' : 'TMPDIR'} to a folder that you can write to.`,
    )
  }
}
