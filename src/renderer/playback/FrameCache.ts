import { LRUCache } from 'lru-cache'
import type { FrameQuality } from './pickFrames'

/** A decoded frame. */
export interface CachedFrame {
  bitmap: ImageBitmap
  quality: FrameQuality
}

/** What the cache may hold: 256 MB of decoded pixels. */
const maxBytes = 256 * 2 ** 20
const bytesPerPixel = 4

/** Decoded frames by content, the least recently shown given up first. */
export class FrameCache {
  readonly #frames = new LRUCache<string, CachedFrame>({
    maxSize: maxBytes,
    sizeCalculation: bytesOf,
    dispose: ({ bitmap }) => bitmap.close(),
  })

  #frameBytes = 0

  /** How many frames it holds, of the size of the last one. */
  get capacity(): number {
    return maxBytes / this.#frameBytes
  }

  get(key: string): CachedFrame | undefined {
    return this.#frames.get(key)
  }

  /** Gets a frame that is not shown. */
  peek(key: string): CachedFrame | undefined {
    return this.#frames.peek(key)
  }

  has(key: string): boolean {
    return this.#frames.has(key)
  }

  put(key: string, frame: CachedFrame): void {
    this.#frameBytes = bytesOf(frame)
    this.#frames.set(key, frame)
  }
}

function bytesOf({ bitmap }: CachedFrame): number {
  return Math.max(1, bitmap.width * bitmap.height * bytesPerPixel)
}
