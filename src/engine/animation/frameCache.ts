import { LRUCache } from 'lru-cache'
import type { ResultStore } from '#files/ContentCache'
import type { Tensor } from '#core/diffusion/tensor'
import type { PictureSize } from '#shared/pictureSource'
import { isWholePng } from '../image/wholePng'
import { AbortableMemo } from '../memo/AbortableMemo'
import { broughtBy, keptKey, memoryKey, type ResultKey } from '../job/KeptMemo'
import { createLatentCache, type LatentCache } from '../latent/latentCache'

/** The cache of frames and of the latents that they are mixed from. */
export interface FrameCache {
  readonly latents: LatentCache
  readonly frames: KeptFrames
  /** Mean pictures of models, which drafts start from. */
  readonly means: AbortableMemo<Tensor>
}

/** One per model and end timestep of its latents. */
const meansKept = 8

const frameBytesKept = 256 * 2 ** 20

/** PNG bytes of decoded frames in memory and on disk, keyed by what decides their pixels. */
class KeptFrames {
  readonly #memory = new LRUCache<string, Uint8Array>({
    maxSize: frameBytesKept,
    sizeCalculation: (png) => png.byteLength,
  })

  /** @param disk  if omitted, frames are kept in memory only */
  constructor(private readonly disk?: ResultStore) {}

  /** Returns the frame of this size cached under a key, or null. */
  async get(key: ResultKey, size: PictureSize): Promise<Uint8Array | null> {
    const inMemory = this.inMemory(key)
    if (inMemory) return inMemory
    const kept =
      (await this.#brought(key, size)) ?? (await this.disk?.read(keptKey('frame', key.name, key.by)))
    if (!kept) return null
    const png = new Uint8Array(kept)
    this.#memory.set(memoryKey(key), png)
    return png
  }

  /** Returns the frame that the project brought; null if there is none, or if its bytes are no such frame. */
  async #brought({ name, project }: ResultKey, size: PictureSize): Promise<Buffer | null> {
    if (project === null) return null
    const bytes = await this.disk?.read(keptKey('frame', name, broughtBy(project)))
    return bytes && (await isWholePng(bytes, size)) ? bytes : null
  }

  /** Returns the frame if it is in memory, without looking on disk, otherwise null. */
  inMemory(key: ResultKey): Uint8Array | null {
    return this.#memory.get(memoryKey(key)) ?? null
  }

  /** Keeps a frame in memory only. */
  keepInMemory(key: ResultKey, png: Uint8Array): void {
    this.#memory.set(memoryKey(key), png)
  }

  async set(key: ResultKey, png: Uint8Array): Promise<void> {
    this.keepInMemory(key, png)
    await this.disk?.write(keptKey('frame', key.name, key.by), png)
  }
}

/**
 * Creates a cache with nothing in memory.
 *
 * @param disk  where frames outlive the engine; if omitted, they are kept in memory only
 */
export function createFrameCache(latents = createLatentCache(), disk?: ResultStore): FrameCache {
  return { latents, frames: new KeptFrames(disk), means: new AbortableMemo({ max: meansKept }) }
}
