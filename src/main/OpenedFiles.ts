import { resolve } from 'node:path'

/**
 * Returns the files that a command line names: its arguments that are not switches. A misspelt one is among them, so
 * that whoever opens it says that it is missing.
 *
 * @param program  the argument that names the app itself; what precedes it is for Electron
 * @param folder  the base of relative paths
 */
export function filesInArguments(argv: readonly string[], program: string, folder: string): string[] {
  const own = argv.findIndex((argument) => resolve(folder, argument) === resolve(folder, program))
  // If the app was started in a way that does not name it, no argument is known to be the user's.
  const given = own < 0 ? [] : argv.slice(own + 1)
  return given
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .map((argument) => resolve(folder, argument))
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
