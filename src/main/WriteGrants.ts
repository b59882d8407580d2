import { resolve } from 'node:path'
import { StudioError } from '#shared/errors'

/**
 * Where the window may write files: only the exact files and folders that the user has chosen in a save
 * dialog since the app started. Otherwise a compromised page could replace any of the user's files. Files
 * that accompany such a file are written by the engine itself.
 */
export class WriteGrants {
  readonly #granted = new Set<string>()

  /** Allows one file or folder. */
  grant(path: string): void {
    this.#granted.add(resolve(path))
  }

  /** Returns whether a file or folder is allowed. */
  has(path: string): boolean {
    return this.#granted.has(resolve(path))
  }

  /** @throws StudioError UNWRITABLE if no save dialog has chosen `path` */
  require(path: string): void {
    if (this.has(path)) return
    throw new StudioError('UNWRITABLE', `Cannot write "${path}": choose the place in a save dialog first.`, {
      path,
    })
  }
}
