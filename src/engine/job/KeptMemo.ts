import type { ResultStore } from '#files/ContentCache'
import type { AbortableMemo } from './AbortableMemo'

/** Raised when the same inputs give other results than before: what was kept until then is no longer found. */
const version = 1

/** How a result is made, and how it is kept as bytes. */
export interface KeptWork<Result> {
  work(): Promise<Result>
  encode(result: Result): Uint8Array
  /** @throws when the bytes are not those of a result: it is then made anew */
  decode(bytes: Buffer): Result
}

/** The key on disk of a result of some kind. */
export function keptKey(kind: string, key: string): string {
  return JSON.stringify([version, kind, key])
}

/** The kind of result that a key on disk is of; null for a key that {@link keptKey} of this version did not make. */
export function kindOfKey(key: string): string | null {
  try {
    const [from, kind] = JSON.parse(key) as unknown[]
    return from === version && typeof kind === 'string' ? kind : null
  } catch {
    return null
  }
}

/** As an {@link AbortableMemo}, and what goes out of memory or ends with the process is found again on disk. */
export class KeptMemo<Result extends object> {
  /**
   * @param kind  names these results among all that the disk keeps
   * @param disk  left out, they are kept in memory alone
   */
  constructor(
    private readonly kind: string,
    private readonly memory: AbortableMemo<Result>,
    private readonly disk?: ResultStore,
  ) {}

  /**
   * The result for `key`, from memory, from the disk or from work.
   *
   * @param key  everything that decides the result, by content: it means the same in every process
   */
  get(key: string, signal: AbortSignal, kept: KeptWork<Result>): Promise<Result> {
    return this.memory.get(key, signal, async () => (await this.#read(key, kept)) ?? this.#make(key, kept))
  }

  /** The result for `key` where it is in memory or under way. */
  find(key: string): Promise<Result> | undefined {
    return this.memory.find(key)
  }

  async #read(key: string, { decode }: KeptWork<Result>): Promise<Result | null> {
    const bytes = await this.disk?.read(keptKey(this.kind, key))
    if (!bytes) return null
    try {
      return decode(bytes)
    } catch {
      return null
    }
  }

  async #make(key: string, { work, encode }: KeptWork<Result>): Promise<Result> {
    const result = await work()
    await this.disk?.write(keptKey(this.kind, key), encode(result))
    return result
  }
}
