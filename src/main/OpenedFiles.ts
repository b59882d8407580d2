import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * The files among a command line's arguments: what is there and is no switch.
 *
 * @param program  the argument that names the app itself; what stands before it is for Electron
 * @param folder  what relative paths are relative to
 */
export function filesInArguments(argv: readonly string[], program: string, folder: string): string[] {
  const own = argv.findIndex((argument) => resolve(folder, argument) === resolve(folder, program))
  return argv
    .slice(own + 1)
    .filter((argument) => !argument.startsWith('-'))
    .map((argument) => resolve(folder, argument))
    .filter((path) => existsSync(path))
}

/** Files that the system gave the app, held back until there is a window that takes them. */
export class OpenedFiles {
  #waiting: string[] = []
  #take: ((paths: string[]) => void) | null = null

  add(paths: readonly string[]): void {
    if (paths.length === 0) return
    if (this.#take) this.#take([...paths])
    else this.#waiting.push(...paths)
  }

  /** From now on files go to `take`, those that waited first. */
  deliverTo(take: (paths: string[]) => void): void {
    this.#take = take
    this.add(this.#waiting.splice(0))
  }

  /** The page is loading anew and would miss them: hold them back again. */
  hold(): void {
    this.#take = null
  }
}
