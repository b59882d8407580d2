import { computed, markRaw, ref, shallowRef, triggerRef } from 'vue'
import { FrameCache, type CachedFrame } from '../playback/FrameCache'
import type { FrameQuality } from '../playback/pickFrames'
import { shortNameOf } from '../base/shortNames'
import { stableJson } from '../base/stableJson'
import { frameNames } from '../timeline/framePlans'
import { useModel } from './model'
import { useSettings } from './settings'
import { useTimeline } from './timeline'

/** A frame may be there twice: as a draft, and in full quality. */
const variantsKept = 2

/** How many frames away a stand-in for a missing frame may be: while it is computed, any frame is calmer than none. */
const farthest = 5000

/** A frame that is there, and where on the timeline it belongs. */
export interface PlacedFrame extends CachedFrame {
  readonly index: number
}

/** The frames of the timeline that are there, by what decides their pixels: the part of the store `frames` that keeps. */
export function useKeptFrames() {
  const timeline = useTimeline()
  const settings = useSettings()
  const model = useModel()
  const cache = shallowRef(new FrameCache())
  /** Goes up whenever other frames are there than before: what shows frames depends on it. */
  const version = ref(0)
  const source = computed(() => ({
    path: timeline.path,
    latents: timeline.latents,
    pinned: timeline.pinned,
  }))
  const names = computed(() => frameNames(source.value, model.identity))
  /** What frames are kept under, one each; made once, for they are looked up by the thousand. */
  const keys = computed<Record<FrameQuality, string[]>>(() => {
    const draft = shortNameOf(stableJson([settings.decode, settings.draft]))
    const final = shortNameOf(stableJson(settings.decode))
    return {
      draft: names.value.map((name) => `${draft}|${name}`),
      final: names.value.map((name) => `${final}|${name}`),
    }
  })
  /** Changes when any frame has to show something else, and only then. */
  const contents = computed(() => [...keys.value.draft, ...keys.value.final].join())

  function frameAt(index: number): CachedFrame | undefined {
    const { draft, final } = keys.value
    return cache.value.get(final[index]) ?? cache.value.get(draft[index])
  }

  /** The same for one that is not shown: it is given up no later for it. */
  function glanceAt(index: number): CachedFrame | undefined {
    const { draft, final } = keys.value
    return cache.value.peek(final[index]) ?? cache.value.peek(draft[index])
  }

  /** The frame nearest to `index` that is there, at most `reach` frames away. */
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

  /** Names frames now, so that they can be kept when they are computed, whatever has changed by then. */
  function reserve(indices: readonly number[], quality: FrameQuality) {
    const reserved = indices.map((index) => keys.value[quality][index])
    return (bitmaps: readonly ImageBitmap[]): void => {
      for (const [at, bitmap] of bitmaps.entries()) cache.value.put(reserved[at], { bitmap, quality })
      triggerRef(cache)
      version.value++
    }
  }

  /** How many frames of the timeline can be kept. */
  const capacity = (): number => cache.value.capacity / variantsKept

  /** An object, because every function of a store is wrapped as an action, which costs more than looking a frame up. */
  const lookUp = markRaw({ frameAt, glanceAt, nearest, qualityAt })
  return { source, contents, version, lookUp, qualityAt, reserve, capacity }
}
