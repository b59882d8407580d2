import { LRUCache } from 'lru-cache'

/**
 * Work that several requests may want at once: done once, its result kept for later. A request that is cancelled takes
 * its work down with it; others that waited for it then begin anew instead of failing for someone else's cancel.
 */
export class AbortableMemo<Result extends object> {
  readonly #done: LRUCache<string, Promise<Result>>

  /** @param kept  how many results stay, the least recently used going first */
  constructor(kept: number) {
    this.#done = new LRUCache({ max: kept })
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
    this.#done.set(key, begun)
    begun.catch(() => {
      if (this.#done.peek(key) === begun) this.#done.delete(key)
    })
    return begun
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
