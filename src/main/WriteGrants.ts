import { resolve } from 'node:path'
import { StudioError } from '#shared/errors'

/**
 * Where the window may have files written: only the very files and folders that a person chose in a save dialog since the
 * app started. A page that went wrong could otherwise have any file of theirs replaced. What belongs beside such a file,
 * the engine writes by itself.
 */
export class WriteGrants {
  readonly #granted = new Set<string>()

  /** Allows one file or folder. */
  grant(path: string): void {
    this.#granted.add(resolve(path))
  }

  /** @throws StudioError UNWRITABLE when no save dialog led to `path` */
  require(path: string): void {
    if (this.#granted.has(resolve(path))) return
    throw new StudioError('UNWRITABLE', `Cannot write "${path}": choose the place in a save dialog first.`, {
      path,
    })
  }
}
