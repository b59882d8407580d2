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

  /** A frame decoded in the variant `final`, else in `draft`; a variant names the settings of decoding. */
  best(name: string, draft: string, final: string): CachedFrame | undefined {
    return this.#frames.get(keyOf(name, final)) ?? this.#frames.get(keyOf(name, draft))
  }

  has(name: string, variant: string): boolean {
    return this.#frames.has(keyOf(name, variant))
  }

  put(name: string, variant: string, frame: CachedFrame): void {
    this.#frameBytes = bytesOf(frame)
    this.#frames.set(keyOf(name, variant), frame)
  }
}

function bytesOf({ bitmap }: CachedFrame): number {
  return Math.max(1, bitmap.width * bitmap.height * bytesPerPixel)
}

function keyOf(name: string, variant: string): string {
  return `${variant}|${name}`
}
