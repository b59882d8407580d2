import type { ResultStore } from '#files/ContentCache'
import type { AbortableMemo } from '../memo/AbortableMemo'
import { numericsVersion } from './resultVersions'

/** How to compute a result, and how to decode it from cached bytes. */
export interface KeptWork<Result> {
  work(): Promise<Result>
  /** @throws if the bytes are not a valid result, which is then computed again */
  decode(bytes: Buffer): Result
}

/** The cache key of a result. */
export interface ResultKey {
  /** Identifies the content that it was computed from: the same in every process and on every machine. */
  readonly name: string
  /** Identifies the model and device that compute it: equal values give equal results, to the bit. */
  readonly by: string
  /** The project whose results are looked up first; null for none. */
  readonly project: string | null
}

/**
 * Returns the key on disk of a result of some kind. Results that a project brought are stored separately,
 * under the project instead of what computed them, so no project can change what another one shows.
 */
export function keptKey(kind: string, name: string, by: string): string {
  return JSON.stringify([numericsVersion, kind, name, by])
}

/** Returns the `by` of results that a project brought. */
export function broughtBy(project: string): string {
  return `project ${project}`
}

/** Parses a key on disk; returns null for a key that {@link keptKey} of this version did not make. */
export function readKeptKey(key: string): { kind: string; name: string; by: string } | null {
  try {
    const [from, kind, name, by] = JSON.parse(key) as unknown[]
    const isOurs = [kind, name, by].every((part) => typeof part === 'string')
    return from === numericsVersion && isOurs
      ? ({ kind, name, by } as { kind: string; name: string; by: string })
      : null
  } catch {
    return null
  }
}

/** Returns the key of a result in the memory of this process. */
export function memoryKey({ name, by, project }: ResultKey): string {
  return JSON.stringify([name, by, project])
}

/**
 * An {@link AbortableMemo} backed by the disk, so that results survive eviction from memory and the end of
 * the process.
 */
export class KeptMemo<Result extends object> {
  readonly #brought = new WeakSet<Result>()

  /**
   * @param kind  distinguishes these results from all others on disk
   * @param encode  converts a result to the bytes that are stored
   * @param disk  if omitted, results are kept in memory only
   */
  constructor(
    private readonly kind: string,
    private readonly memory: AbortableMemo<Result>,
    private readonly encode: (result: Result) => Uint8Array,
    private readonly disk?: ResultStore,
  ) {}

  /** Returns the result for `key`: from memory, from what its project brought, from disk, or from work. */
  get(key: ResultKey, signal: AbortSignal, { work, decode }: KeptWork<Result>): Promise<Result> {
    return this.memory.get(memoryKey(key), signal, async () => {
      const { name, by, project } = key
      const brought = project === null ? null : await this.#read(name, broughtBy(project), decode)
      if (brought) this.#brought.add(brought)
      return brought ?? (await this.#read(name, by, decode)) ?? (await this.#make(key, work))
    })
  }

  /** Whether a project brought this result of `get` or `find`. */
  isBrought(result: Result): boolean {
    return this.#brought.has(result)
  }

  /** Returns the result for `key` if it is in memory. Work in progress is not waited for. */
  find(key: ResultKey): Result | undefined {
    return this.memory.find(memoryKey(key))
  }

  /**
   * Returns the bytes of a result that is in memory, whether or not it is also on disk; null if it is not
   * in memory.
   */
  inMemory(key: ResultKey): Uint8Array | null {
    const result = this.find(key)
    return result ? this.encode(result) : null
  }

  async #read(name: string, by: string, decode: (bytes: Buffer) => Result): Promise<Result | null> {
    const bytes = await this.disk?.read(keptKey(this.kind, name, by))
    if (!bytes) return null
    try {
      return decode(bytes)
    } catch {
      return null
    }
  }

  async #make({ name, by }: ResultKey, work: () => Promise<Result>): Promise<Result> {
    const result = await work()
    await this.disk?.write(keptKey(this.kind, name, by), this.encode(result))
    return result
  }
}
