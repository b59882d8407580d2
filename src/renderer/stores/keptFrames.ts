import { computed, markRaw, ref, shallowRef, triggerRef } from 'vue'
import { BitmapCache, type CachedFrame } from '../playback/BitmapCache'
import type { FrameQuality } from '../playback/pickFrames'
import { shortNameOf } from '../base/shortNames'
import { stableJson } from '#shared/stableJson'
import { frameNames } from '../timeline/framePlans'
import { useModel } from './model'
import { useSettings } from './settings'
import { useTimeline } from './timeline'

/** A frame may be cached twice: as a draft and in full quality. */
const variantsKept = 2

/**
 * The maximum distance of a stand-in for a missing frame: until the frame is computed, any frame flickers less
 * than none.
 */
const farthest = 5000

/** An available frame and its position on the timeline. */
export interface PlacedFrame extends CachedFrame {
  readonly index: number
}

/** The timeline's available frames, cached by what determines their pixels: part of the store `frames`. */
export function useKeptFrames() {
  const timeline = useTimeline()
  const settings = useSettings()
  const model = useModel()
  const cache = shallowRef(new BitmapCache())
  /** Increases whenever the available frames change; everything that shows frames depends on it. */
  const version = ref(0)
  const source = computed(() => ({
    path: timeline.path,
    latents: timeline.latents,
    pinned: timeline.pinned,
  }))
  const names = computed(() => frameNames(source.value, model.identity))
  /** The cache keys, one per frame. Computed once, because they are looked up by the thousand. */
  const keys = computed<Record<FrameQuality, string[]>>(() => {
    const draft = shortNameOf(stableJson([settings.decode, settings.draft]))
    const final = shortNameOf(stableJson(settings.decode))
    return {
      draft: names.value.map((name) => `${draft}|${name}`),
      final: names.value.map((name) => `${final}|${name}`),
    }
  })
  /** Changes exactly when some frame has to show something else. */
  const contents = computed(() => [...keys.value.draft, ...keys.value.final].join())

  function frameAt(index: number): CachedFrame | undefined {
    const { draft, final } = keys.value
    return cache.value.get(final[index]) ?? cache.value.get(draft[index])
  }

  /** Like `frameAt`, but does not mark the frame as recently shown. */
  function glanceAt(index: number): CachedFrame | undefined {
    const { draft, final } = keys.value
    return cache.value.peek(final[index]) ?? cache.value.peek(draft[index])
  }

  /** Returns the available frame nearest to `index`, at most `reach` frames away. */
  function nearest(index: number, reach = farthest): PlacedFrame | undefined {
    for (let away = 0; away <= Math.min(reach, names.value.length); away++) {
      for (const at of [index - away, index + away]) {
        const frame = frameAt(at)
        if (frame) return { ...frame, index: at }
      }
    }
    return undefined
  }

  function qualityAt(index: number): FrameQuality | null {
    const { draft, final } = keys.value
    if (cache.value.has(final[index])) return 'final'
    return cache.value.has(draft[index]) ? 'draft' : null
  }

  /** Returns a name for the content of a frame: frames with equal names are equal. */
  const nameAt = (index: number): string => names.value[index]

  /**
   * Looks up the keys of frames now, so that the frames can be stored under them once computed, whatever has
   * changed by then.
   */
  function reserve(indices: readonly number[], quality: FrameQuality) {
    const reserved = indices.map((index) => keys.value[quality][index])
    return (bitmaps: readonly ImageBitmap[]): void => {
      for (const [at, bitmap] of bitmaps.entries()) cache.value.put(reserved[at], { bitmap, quality })
      triggerRef(cache)
      version.value++
    }
  }

  /** How many frames of the timeline can be cached. */
  const capacity = (): number => cache.value.capacity / variantsKept

  /**
   * An object, because a store wraps each of its functions as an action, which costs more than the lookup.
   */
  const lookUp = markRaw({ frameAt, glanceAt, nearest, nameAt, qualityAt })
  return { source, contents, version, lookUp, qualityAt, reserve, capacity }
}
