import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { distanceCurve, rmseOfBytes, stepsOf, type FrameStep } from '../timeline/distanceCurve'
import { useFrames } from './frames'
import { useTimeline } from './timeline'

/**
 * Frames are compared at this many pixels a side: enough to see how much changes, and fast for a long film.
 */
const side = 24

/** How long no new frame must have arrived before frames are compared, in milliseconds. */
const restMilliseconds = 100

/** The distances between successive frames of the timeline, as far as frames are available. */
export const useDistances = defineStore('distances', () => {
  const frames = useFrames()
  const timeline = useTimeline()
  const seen = new WeakMap<ImageBitmap, Uint8ClampedArray>()
  const canvas = new OffscreenCanvas(side, side)
  const context = canvas.getContext('2d', { willReadFrequently: true })!

  function pixelsOf(bitmap: ImageBitmap): Uint8ClampedArray {
    const known = seen.get(bitmap)
    if (known) return known
    context.drawImage(bitmap, 0, 0, side, side)
    const { data } = context.getImageData(0, 0, side, side)
    seen.set(bitmap, data)
    return data
  }

  /** Compares only frames of equal quality: a draft and a final frame differ even where a film stands still. */
  function stepBetween(from: number, to: number): FrameStep | null {
    const [one, other] = [frames.kept.glanceAt(from), frames.kept.glanceAt(to)]
    if (!one || !other || one.quality !== other.quality) return null
    return { distance: rmseOfBytes(pixelsOf(one.bitmap), pixelsOf(other.bitmap)), quality: one.quality }
  }

  function currentCurve() {
    const steps = stepsOf(timeline.total, timeline.closed)
    return distanceCurve(steps.map(([from, to]) => stepBetween(from, to)))
  }

  const curve = shallowRef(currentCurve())
  // The curve of a long film takes time to compute, and frames that the playhead waits for are more urgent.
  watchDebounced(
    () => frames.version,
    () => (curve.value = currentCurve()),
    { debounce: restMilliseconds, maxWait: 4 * restMilliseconds },
  )
  return { curve }
})
