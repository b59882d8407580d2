import { LRUCache } from 'lru-cache'

/** How much a memo keeps, the least recently used going first: so many results, or so much of what `sizeOf` measures. */
export type MemoLimit<Result> =
  { readonly max: number } | { readonly maxSize: number; sizeOf(result: Result): number }

/**
 * Work that several requests may want at once: done once, its result kept for later. A request that is cancelled takes
 * its work down with it; others that waited for it then begin anew instead of failing for someone else's cancel.
 */
export class AbortableMemo<Result extends object> {
  readonly #done: LRUCache<string, Promise<Result>>
  readonly #sizeOf: ((result: Result) => number) | null

  constructor(limit: MemoLimit<Result>) {
    this.#sizeOf = 'maxSize' in limit ? limit.sizeOf : null
    this.#done = new LRUCache('maxSize' in limit ? { maxSize: limit.maxSize } : { max: limit.max })
  }

  /** The result for `key` where it is there or under way. */
  find(key: string): Promise<Result> | undefined {
    return this.#done.get(key)
  }

  /** The result for `key`, from the cache or from `work`. */
  async get(key: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      const running = this.#done.get(key)
      if (running === undefined) return this.#begin(key, work)
      try {
        return await running
      } catch (error) {
        if (signal.aborted || !isAbort(error)) throw error
      }
    }
  }

  #begin(key: string, work: () => Promise<Result>): Promise<Result> {
    const begun = work()
    // What it weighs shows once it is there.
    this.#done.set(key, begun, { size: this.#sizeOf ? 1 : undefined })
    const isWanted = () => this.#done.peek(key) === begun
    begun.then(
      (result) => {
        if (!this.#sizeOf || !isWanted()) return
        // The cache takes a new size only with a new entry.
        this.#done.delete(key)
        this.#done.set(key, begun, { size: this.#sizeOf(result) })
      },
      () => {
        if (isWanted()) this.#done.delete(key)
      },
    )
    return begun
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
