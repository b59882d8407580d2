import { resolve } from 'node:path'
import { holdFile, type FileHold } from '#files/fileHold'
import type { ProjectShown } from '#shared/app'

/** The project that the window has on its table, as main knows it: what the file is held by, and what the window shows. */
export class OpenProject {
  #held: { path: string; hold: FileHold } | null = null
  #shown: ProjectShown | null = null

  /** What the window's title says; null before the window has told. */
  get shown(): ProjectShown | null {
    return this.#shown
  }

  show(shown: ProjectShown): void {
    this.#shown = shown
  }

  /**
   * Holds a project file for this window, and lets go of the one before.
   *
   * @returns who has it open instead; null where nobody has
   */
  async hold(path: string): Promise<string | null> {
    const wanted = resolve(path)
    if (this.#held?.path === wanted) return null
    const hold = await holdFile(wanted)
    if (typeof hold === 'string') return hold
    await this.release()
    this.#held = { path: wanted, hold }
    return null
  }

  async release(): Promise<void> {
    await this.#held?.hold.release()
    this.#held = null
  }
}
