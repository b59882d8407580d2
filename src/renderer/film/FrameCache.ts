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
    sizeCalculation: ({ bitmap }) => Math.max(1, bitmap.width * bitmap.height * bytesPerPixel),
    dispose: ({ bitmap }) => bitmap.close(),
  })

  /** A frame decoded by the recipe `final`, else by `draft`. */
  best(name: string, draft: string, final: string): CachedFrame | undefined {
    return this.#frames.get(keyOf(name, final)) ?? this.#frames.get(keyOf(name, draft))
  }

  has(name: string, recipe: string): boolean {
    return this.#frames.has(keyOf(name, recipe))
  }

  put(name: string, recipe: string, frame: CachedFrame): void {
    this.#frames.set(keyOf(name, recipe), frame)
  }
}

function keyOf(name: string, recipe: string): string {
  return `${recipe}|${name}`
}
