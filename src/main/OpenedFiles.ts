import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * Returns the files among a command line's arguments: those that exist and are not switches.
 *
 * @param program  the argument that names the app itself; what precedes it is for Electron
 * @param folder  the base of relative paths
 */
export function filesInArguments(argv: readonly string[], program: string, folder: string): string[] {
  const own = argv.findIndex((argument) => resolve(folder, argument) === resolve(folder, program))
  return argv
    .slice(own + 1)
    .filter((argument) => !argument.startsWith('-'))
    .map((argument) => resolve(folder, argument))
    .filter((path) => existsSync(path))
}

/** Files that the system asked the app to open, queued until a window takes them. */
export class OpenedFiles {
  #waiting: string[] = []
  #take: ((paths: string[]) => void) | null = null

  add(paths: readonly string[]): void {
    if (paths.length === 0) return
    if (this.#take) this.#take([...paths])
    else this.#waiting.push(...paths)
  }

  /** Delivers files to `take` from now on, those already queued first. */
  deliverTo(take: (paths: string[]) => void): void {
    this.#take = take
    this.add(this.#waiting.splice(0))
  }

  /** Queues files again, because the page is reloading and would miss them. */
  hold(): void {
    this.#take = null
  }
}
