import { LRUCache } from 'lru-cache'
import type { ResultStore } from '#files/ContentCache'
import type { Tensor } from '#core/diffusion/tensor'
import { AbortableMemo } from '../job/AbortableMemo'
import { broughtBy, keptKey, memoryKey, type ResultKey } from '../job/KeptMemo'
import { createLatentCache, type LatentCache } from '../latent/latentCache'

/** What is kept of frames, and of the latents that they are mixed from. */
export interface FrameCache {
  readonly latents: LatentCache
  readonly frames: KeptFrames
  /** Mean pictures of models, which drafts begin with. */
  readonly means: AbortableMemo<Tensor>
}

/** One a model, at each timestep that latents end at. */
const meansKept = 8

const frameBytesKept = 256 * 2 ** 20

/** PNG bytes of decoded frames by what decides their pixels, in memory and on disk. */
export class KeptFrames {
  readonly #memory = new LRUCache<string, Uint8Array>({
    maxSize: frameBytesKept,
    sizeCalculation: (png) => png.byteLength,
  })

  /** @param disk  left out, they are kept in memory alone */
  constructor(private readonly disk?: ResultStore) {}

  /** The frame kept under a key; null without any. */
  async get(key: ResultKey): Promise<Uint8Array | null> {
    const inMemory = await this.inMemory(key)
    if (inMemory) return inMemory
    const { name, by, project } = key
    const brought =
      project === null ? null : await this.disk?.read(keptKey('frame', name, broughtBy(project)))
    const kept = brought ?? (await this.disk?.read(keptKey('frame', name, by)))
    if (!kept) return null
    const png = new Uint8Array(kept)
    this.#memory.set(memoryKey(key), png)
    return png
  }

  /** The frame in memory, whether or not the disk keeps it; null without one. */
  async inMemory(key: ResultKey): Promise<Uint8Array | null> {
    return this.#memory.get(memoryKey(key)) ?? null
  }

  /** Keeps a frame as long as memory lasts. */
  keepInMemory(key: ResultKey, png: Uint8Array): void {
    this.#memory.set(memoryKey(key), png)
  }

  async set(key: ResultKey, png: Uint8Array): Promise<void> {
    this.keepInMemory(key, png)
    await this.disk?.write(keptKey('frame', key.name, key.by), png)
  }
}

/**
 * A cache with nothing in memory.
 *
 * @param disk  where frames outlive the engine; left out, they are kept in memory alone
 */
export function createFrameCache(latents = createLatentCache(), disk?: ResultStore): FrameCache {
  return { latents, frames: new KeptFrames(disk), means: new AbortableMemo({ max: meansKept }) }
}
