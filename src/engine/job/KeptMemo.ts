import type { ResultStore } from '#files/ContentCache'
import type { AbortableMemo } from './AbortableMemo'

/** Raised when the same inputs give other results than before: what was kept until then is no longer found. */
const version = 3

/** How a result is made, and how it is kept as bytes. */
export interface KeptWork<Result> {
  work(): Promise<Result>
  /** @throws when the bytes are not those of a result: it is then made anew */
  decode(bytes: Buffer): Result
}

/** What a result is kept under. */
export interface ResultKey {
  /** What it is a result of, by content: the same in every process and on every machine. */
  readonly name: string
  /** What computes it: equal ones give equal results, to the bit. */
  readonly by: string
  /** The project whose results are looked at first; null for none. */
  readonly project: string | null
}

/**
 * The key on disk of a result of some kind. What a project brought is kept apart from what was computed here, under the
 * project in the place of what computed it: no project can change what another one shows.
 */
export function keptKey(kind: string, name: string, by: string): string {
  return JSON.stringify([version, kind, name, by])
}

/** The `by` of results that a project brought. */
export function broughtBy(project: string): string {
  return `project ${project}`
}

/** The parts of a key on disk; null for a key that {@link keptKey} of this version did not make. */
export function readKeptKey(key: string): { kind: string; name: string; by: string } | null {
  try {
    const [from, kind, name, by] = JSON.parse(key) as unknown[]
    const isOurs = [kind, name, by].every((part) => typeof part === 'string')
    return from === version && isOurs
      ? ({ kind, name, by } as { kind: string; name: string; by: string })
      : null
  } catch {
    return null
  }
}

/** The key under which the memory of this process holds a result. */
export function memoryKey({ name, by, project }: ResultKey): string {
  return JSON.stringify([name, by, project])
}

/** As an {@link AbortableMemo}, and what goes out of memory or ends with the process is found again on disk. */
export class KeptMemo<Result extends object> {
  /**
   * @param kind  names these results among all that the disk keeps
   * @param encode  a result as the bytes that are kept
   * @param disk  left out, they are kept in memory alone
   */
  constructor(
    private readonly kind: string,
    private readonly memory: AbortableMemo<Result>,
    private readonly encode: (result: Result) => Uint8Array,
    private readonly disk?: ResultStore,
  ) {}

  /** The result for `key`: from memory, from what its project brought, from what is kept on disk, or from work. */
  get(key: ResultKey, signal: AbortSignal, { work, decode }: KeptWork<Result>): Promise<Result> {
    return this.memory.get(memoryKey(key), signal, async () => {
      const { name, by, project } = key
      const brought = project === null ? null : await this.#read(name, broughtBy(project), decode)
      return brought ?? (await this.#read(name, by, decode)) ?? (await this.#make(key, work))
    })
  }

  /** The result for `key` where it is in memory or under way. */
  find(key: ResultKey): Promise<Result> | undefined {
    return this.memory.find(memoryKey(key))
  }

  /** The bytes of a result that is in memory, whether or not the disk keeps it; null without one. */
  async inMemory(key: ResultKey): Promise<Uint8Array | null> {
    const result = await this.find(key)?.catch(() => null)
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
