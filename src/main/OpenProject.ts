import { resolve } from 'node:path'
import { holdFile, type FileHold } from '#files/fileHold'
import type { ProjectShown } from '#shared/app'

/** The window's current project as main knows it: the hold on its file, and what the window shows. */
export class OpenProject {
  #held: { path: string; hold: FileHold } | null = null
  #shown: ProjectShown | null = null

  /** What the window's title shows; null until the window has reported it. */
  get shown(): ProjectShown | null {
    return this.#shown
  }

  show(shown: ProjectShown): void {
    this.#shown = shown
  }

  /**
   * Holds a project file for this window and releases the previous one.
   *
   * @returns who has it open instead; null if nobody has
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
