import { basename, dirname, extname, resolve, sep } from 'node:path'
import { StudioError } from '#shared/errors'

/**
 * Where the window may have files written: only where a person led by a save dialog since the app started. A page that
 * went wrong could otherwise have any file of theirs replaced.
 */
export class WriteGrants {
  readonly #granted = new Set<string>()

  /** Allows a file or folder, and what stands beside it under the same stem: the recipe of `morph.gif`. */
  grant(path: string): void {
    this.#granted.add(resolve(path))
  }

  /** @throws StudioError UNWRITABLE when no save dialog led to `path` */
  require(path: string): void {
    const wanted = resolve(path)
    if ([...this.#granted].some((granted) => covers(granted, wanted))) return
    throw new StudioError('UNWRITABLE', `Cannot write "${path}": choose the place in a save dialog first.`, {
      path,
    })
  }
}

function covers(granted: string, wanted: string): boolean {
  if (wanted === granted || wanted.startsWith(granted + sep)) return true
  const stem = basename(granted, extname(granted))
  return dirname(wanted) === dirname(granted) && basename(wanted).startsWith(`${stem}.`)
}
