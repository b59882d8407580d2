import { LRUCache } from 'lru-cache'
import type { ResultStore } from '#files/ContentCache'
import type { Tensor } from '#core/diffusion/tensor'
import type { PictureSize } from '#shared/pictureSource'
import { isWholePng } from '../image/wholePng'
import { AbortableMemo } from '../memo/AbortableMemo'
import { broughtBy, keptKey, memoryKey, type ResultKey } from '../job/KeptMemo'
import { createLatentCache, type LatentCache } from '../latent/latentCache'

/** What rendering a film keeps: its frames, the latents that they are mixed from, and what drafts start from. */
export interface RenderCache {
  readonly latents: LatentCache
  readonly frames: KeptFrames
  /** Mean pictures of models, which drafts start from. */
  readonly means: AbortableMemo<Tensor>
}

/** One per model and end timestep of its latents. */
const meansKept = 8

const frameBytesKept = 256 * 2 ** 20

/** A frame as PNG bytes, and whether a project brought it, made on a device that is not known. */
export interface KeptFrame {
  readonly png: Uint8Array
  readonly isBrought: boolean
}

/** PNG bytes of decoded frames in memory and on disk, keyed by what decides their pixels. */
class KeptFrames {
  readonly #memory = new LRUCache<string, KeptFrame>({
    maxSize: frameBytesKept,
    sizeCalculation: ({ png }) => png.byteLength,
  })

  /** @param disk  if omitted, frames are kept in memory only */
  constructor(private readonly disk?: ResultStore) {}

  /** Returns the frame of this size cached under a key, or null. */
  async get(key: ResultKey, size: PictureSize): Promise<KeptFrame | null> {
    const inMemory = this.#memory.get(memoryKey(key))
    if (inMemory) return inMemory
    const brought = await this.#brought(key, size)
    const kept = brought ?? (await this.disk?.read(keptKey('frame', key.name, key.by)))
    if (!kept) return null
    const frame = { png: new Uint8Array(kept), isBrought: brought !== null }
    this.#memory.set(memoryKey(key), frame)
    return frame
  }

  /** Returns the frame that the project brought; null if there is none, or if its bytes are no such frame. */
  async #brought({ name, project }: ResultKey, size: PictureSize): Promise<Buffer | null> {
    if (project === null) return null
    const bytes = await this.disk?.read(keptKey('frame', name, broughtBy(project)))
    return bytes && (await isWholePng(bytes, size)) ? bytes : null
  }

  /** Returns the frame if it is in memory, without looking on disk, otherwise null. */
  inMemory(key: ResultKey): Uint8Array | null {
    return this.#memory.get(memoryKey(key))?.png ?? null
  }

  /** Keeps a frame in memory only. */
  keepInMemory(key: ResultKey, png: Uint8Array): void {
    this.#memory.set(memoryKey(key), { png, isBrought: false })
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
export function createRenderCache(latents = createLatentCache(), disk?: ResultStore): RenderCache {
  return { latents, frames: new KeptFrames(disk), means: new AbortableMemo({ max: meansKept }) }
}
