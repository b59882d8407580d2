import { join } from 'node:path'
import { StudioError } from '#shared/errors'
import { entryAt } from '#files/entryAt'
import { readJson } from '#files/fileAccess'
import { explained } from '#files/fileErrors'

/** The files and folders that a command writes into a folder, always under the same names. */
export interface OwnFiles {
  readonly folder: string
  /** Their names, with that of the record. */
  readonly names: readonly string[]
  /** The JSON file among them that records what was written. */
  readonly record: string
  /** Arrays that only this command's record has together. */
  readonly recordArrays: readonly string[]
}

/**
 * Refuses to replace files of the user, before anything is computed: what an earlier run of the command left may be
 * replaced, and so may everything with `force`.
 *
 * @throws StudioError EXISTS naming the first file that would be lost
 */
export async function requireOwnFiles(files: OwnFiles, force: boolean): Promise<void> {
  if (force || (await isOwnRecord(files))) return
  for (const name of files.names) {
    const path = join(files.folder, name)
    if (!(await explained(path, 'write', () => entryAt(path)))) continue
    throw new StudioError(
      'EXISTS',
      `Cannot write "${path}": it exists already: allow overwriting, or choose another folder.`,
      { path },
    )
  }
}

async function isOwnRecord({ folder, record, recordArrays }: OwnFiles): Promise<boolean> {
  try {
    const found = (await readJson(join(folder, record), 'BAD_INPUT')) as Record<string, unknown> | null
    return found !== null && recordArrays.every((name) => Array.isArray(found[name]))
  } catch {
    // Missing, or not ours.
    return false
  }
}
