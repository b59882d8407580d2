import { LRUCache } from 'lru-cache'
import type { FrameQuality } from './pickFrames'

/** A decoded frame. */
export interface CachedFrame {
  bitmap: ImageBitmap
  quality: FrameQuality
}

/** The cache's limit: 256 MB of decoded pixels. */
const maxBytes = 256 * 2 ** 20
const bytesPerPixel = 4

/** An LRU cache of decoded frames as bitmaps, keyed by content. */
export class BitmapCache {
  readonly #frames = new LRUCache<string, CachedFrame>({
    maxSize: maxBytes,
    sizeCalculation: bytesOf,
    dispose: ({ bitmap }) => bitmap.close(),
  })

  #frameBytes = 0

  /** How many frames fit, if all are as large as the last one added. */
  get capacity(): number {
    return maxBytes / this.#frameBytes
  }

  get(key: string): CachedFrame | undefined {
    return this.#frames.get(key)
  }

  /** Returns a frame without marking it as recently shown. */
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
