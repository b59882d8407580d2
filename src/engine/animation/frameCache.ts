import { LRUCache } from 'lru-cache'
import { createLatentCache, type LatentCache } from '../latent/latentCache'

/** What is kept of frames, and of the latents that they are mixed from. */
export interface FrameCache {
  readonly latents: LatentCache
  /** PNG bytes of decoded frames, by what decides their pixels. */
  readonly frames: LRUCache<string, Uint8Array>
}

const frameBytesKept = 256 * 2 ** 20

/** A cache with nothing in it. */
export function createFrameCache(latents = createLatentCache()): FrameCache {
  return {
    latents,
    frames: new LRUCache({ maxSize: frameBytesKept, sizeCalculation: (png) => png.byteLength }),
  }
}
