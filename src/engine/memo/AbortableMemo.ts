import { LRUCache } from 'lru-cache'
import { untilAborted } from './untilAborted'

/**
 * The capacity of a memo, which evicts the least recently used results first: a number of results, or a total
 * of what `sizeOf` measures.
 */
export type MemoLimit<Result> =
  { readonly max: number } | { readonly maxSize: number; sizeOf(result: Result): number }

/** Work that was begun, and its result once it is done. */
interface Work<Result> {
  readonly running: Promise<Result>
  result?: Result
}

/**
 * Work that several requests may need at the same time: done once, and its result cached. Cancelling the
 * request that runs the work cancels the work; other requests waiting for it then start it again instead
 * of failing. Cancelling one of those ends only its own wait.
 */
export class AbortableMemo<Result extends object> {
  readonly #works: LRUCache<string, Work<Result>>
  readonly #sizeOf: ((result: Result) => number) | null

  constructor(limit: MemoLimit<Result>) {
    this.#sizeOf = 'maxSize' in limit ? limit.sizeOf : null
    this.#works = new LRUCache('maxSize' in limit ? { maxSize: limit.maxSize } : { max: limit.max })
  }

  /** Returns the result for `key` if it is cached, and undefined while its work is still in progress. */
  find(key: string): Result | undefined {
    return this.#works.get(key)?.result
  }

  /**
   * Returns the result for `key`, from the cache or from `work`.
   *
   * @throws whatever the work throws; the signal's reason once it is aborted
   */
  async get(key: string, signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      const begun = this.#works.get(key)
      if (begun === undefined) return this.#begin(key, work)
      try {
        return await untilAborted(begun.running, signal)
      } catch (error) {
        if (signal?.aborted || !isAbort(error)) throw error
      }
    }
  }

  #begin(key: string, work: () => Promise<Result>): Promise<Result> {
    const begun: Work<Result> = { running: work() }
    // The real size is known only when the work is done.
    this.#works.set(key, begun, { size: this.#sizeOf ? 1 : undefined })
    const isWanted = () => this.#works.peek(key) === begun
    begun.running.then(
      (result) => {
        begun.result = result
        if (!this.#sizeOf || !isWanted()) return
        // The cache accepts a new size only with a new entry.
        this.#works.delete(key)
        this.#works.set(key, begun, { size: this.#sizeOf(result) })
      },
      () => {
        if (isWanted()) this.#works.delete(key)
      },
    )
    return begun.running
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
