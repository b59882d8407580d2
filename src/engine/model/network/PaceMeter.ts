import { median } from '#core/numbers/median'

/** How many of the latest measurements count, for each number of items. */
const kept = 9

/** How long the evaluations of a network take, from those that were made anyway. */
export class PaceMeter {
  /** Seconds per item, latest last, by the number of items evaluated together; the first is left out. */
  readonly #measured = new Map<number, number[]>()

  /**
   * Takes in an evaluation.
   *
   * @param items  evaluated together
   * @param seconds  that they took, without the wait for their turn
   */
  note(items: number, seconds: number): void {
    const before = this.#measured.get(items)
    // The first also opens the network.
    this.#measured.set(items, before ? [...before, seconds / items].slice(-kept) : [])
  }

  /** Returns the median of seconds per item where so many are evaluated together; null until it is known. */
  secondsOf(items: number): number | null {
    const measured = this.#measured.get(items)
    return measured?.length ? median(measured) : null
  }
}
