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
   * Does work on a project file while this window holds it, and keeps holding it afterwards instead of the
   * previous one. If the work fails, the previous one stays.
   *
   * @param work  is told who has the file open instead; null if nobody has
   */
  async hold<Result>(path: string, work: (heldBy: string | null) => Promise<Result>): Promise<Result> {
    if (this.holds(path)) return work(null)
    const hold = await holdFile(resolve(path))
    if (typeof hold === 'string') return work(hold)
    const previous = this.#held
    this.#held = { path: resolve(path), hold }
    try {
      const result = await work(null)
      await previous?.hold.release()
      return result
    } catch (thrown) {
      this.#held = previous
      await hold.release()
      throw thrown
    }
  }

  /** Whether this window holds a file. */
  holds(path: string): boolean {
    return this.#held?.path === resolve(path)
  }

  async release(): Promise<void> {
    await this.#held?.hold.release()
    this.#held = null
  }
}
