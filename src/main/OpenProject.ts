import { holdFile, type FileHold } from '#files/fileHold'
import { realPathOf } from '#files/realPath'
import type { ProjectShown } from '#shared/app'

/** A project file that the window holds. */
interface Held {
  /** Without symbolic links. */
  readonly path: string
  readonly hold: FileHold
  /** Counts the holds in the order in which they were begun. */
  readonly order: number
}

/** The window's current project as main knows it: the hold on its file, and what the window shows. */
export class OpenProject {
  #held: Held | null = null
  #begun = 0
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
   * previous one. If the work fails, the previous one stays; so does one whose work was begun later.
   *
   * @param work  is told who has the file open instead; null if nobody has
   */
  async hold<Result>(path: string, work: (heldBy: string | null) => Promise<Result>): Promise<Result> {
    const order = ++this.#begun
    const hold = await holdFile(path)
    if (typeof hold === 'string') return work(hold)
    try {
      const realPath = await realPathOf(path)
      const result = await work(null)
      await this.#replace({ path: realPath, hold, order })
      return result
    } catch (thrown) {
      await hold.release()
      throw thrown
    }
  }

  /** Goes on holding a project; one that is held elsewhere by now stays so. */
  async keep(path: string): Promise<void> {
    if (!(await this.holds(path))) await this.hold(path, () => Promise.resolve())
  }

  /** Whether this window holds a file, by whichever path. */
  async holds(path: string): Promise<boolean> {
    return this.#held?.path === (await realPathOf(path))
  }

  async release(): Promise<void> {
    const held = this.#held
    this.#held = null
    await held?.hold.release()
  }

  async #replace(next: Held): Promise<void> {
    const previous = this.#held
    const isLate = previous !== null && previous.order > next.order
    if (!isLate) this.#held = next
    await (isLate ? next : previous)?.hold.release()
  }
}
