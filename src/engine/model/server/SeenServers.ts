import { z } from 'zod'
import type { ResultStore } from '#files/ContentCache'
import { precisions } from '#shared/devices'
import type { InferenceServer } from '#shared/inferenceServer'

const seenCompute = z.object({ precision: z.enum(precisions), device: z.string(), runtime: z.string() })

/** The part of a compute record that a server decides. */
export type SeenCompute = z.infer<typeof seenCompute>

/**
 * The devices and runtimes that servers have computed with: their results can be looked up by these while the
 * servers are unavailable.
 */
export class SeenServers {
  readonly #seen = new Map<string, SeenCompute>()

  /** @param disk  where it outlives the engine; if omitted, it is kept in memory only */
  constructor(private readonly disk?: ResultStore) {}

  /** Returns what a server last computed with; null if it was never reached, or that is kept no longer. */
  async read(server: InferenceServer): Promise<SeenCompute | null> {
    const key = keyOf(server)
    const seen = this.#seen.get(key)
    if (seen) return seen
    const bytes = await this.disk?.read(key)
    return bytes ? (seenCompute.safeParse(JSON.parse(bytes.toString())).data ?? null) : null
  }

  async write(server: InferenceServer, { precision, device, runtime }: SeenCompute): Promise<void> {
    const seen = { precision, device, runtime }
    this.#seen.set(keyOf(server), seen)
    await this.disk?.write(keyOf(server), toBytes(seen))
  }

  /**
   * Stores again what this engine has seen if the disk has lost it, because results computed since then depend on
   * it.
   */
  async keep(): Promise<void> {
    for (const [key, seen] of this.#seen) {
      if ((await this.disk?.read(key)) === null) await this.disk?.write(key, toBytes(seen))
    }
  }
}

function toBytes(seen: SeenCompute): Buffer {
  return Buffer.from(JSON.stringify(seen))
}

function keyOf({ url, model, version }: InferenceServer): string {
  return JSON.stringify(['served', url, model, version ?? null])
}
