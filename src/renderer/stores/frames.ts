import { toFailure, type Failure } from '#shared/errors'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { request } from '../api'
import { FrameCache, type CachedFrame } from '../playback/FrameCache'
import { frameNames, segmentRequest } from '../timeline/framePlans'
import {
  isStale,
  pickFrames,
  type FrameBatch,
  type FrameNeed,
  type FrameQuality,
} from '../playback/pickFrames'
import { endsOf, placeOf } from '#core/timeline/path'
import { pngBlob } from '../pngBlob'
import { stableJson } from '../stableJson'
import { useEncoding } from './encoding'
import { useExports } from './exports'
import { useModel } from './model'
import { useNotices } from './notices'
import { usePlayer } from './player'
import { useSettings } from './settings'
import { useTimeline } from './timeline'
import { useWorkspace } from './workspace'

/** Refining every frame unasked may take this long at most. */
const patienceSeconds = 300

/** A frame may be there twice: as a draft, and in full quality. */
const variantsKept = 2

/** So far a frame is looked for in place of one that is not there: any is calmer than none while it is computed. */
const farthest = 5000

/** The frames of the timeline: computed ahead of the playhead, one request at a time, kept by content. */
export const useFrames = defineStore('frames', () => {
  const timeline = useTimeline()
  const player = usePlayer()
  const settings = useSettings()
  const encoding = useEncoding()
  const model = useModel()
  const workspace = useWorkspace()
  const exports = useExports()
  const cache = new FrameCache()
  /** Goes up whenever other frames are there than before: what shows frames depends on it. */
  const version = ref(0)
  const working = shallowRef<FrameBatch | null>(null)
  const secondsPerFrame = ref(0)
  let controller: AbortController | null = null
  /** Why no more frames are computed until someone says so. */
  const failure = shallowRef<Failure | null>(null)

  const source = computed(() => ({ path: timeline.path, latents: timeline.latents }))
  const names = computed(() => frameNames(source.value, model.identity))
  const variants = computed<Record<FrameQuality, string>>(() => ({
    draft: stableJson(settings.draft),
    final: stableJson(settings.decode),
  }))
  const readyPictures = computed(() =>
    timeline.pictures.map((picture) => encoding.reportOf(picture) !== null),
  )

  /** Nobody looks at the film, or the processor is wanted elsewhere: then only the frame shown is computed. */
  const background = computed<FrameNeed['background']>(() => {
    if (workspace.view !== 'morph' || workspace.dialog !== null || exports.running.length > 0) return 'none'
    if (encoding.current) return player.playing ? 'draft' : 'none'
    return secondsPerFrame.value * timeline.total <= patienceSeconds ? 'final' : 'draft'
  })

  /** Whether a frame can be computed: the pictures at both ends of its segment are encoded. */
  function isReady(index: number): boolean {
    const { path } = timeline
    return endsOf(path, placeOf(path, index).segment).every((stop) => readyPictures.value[stop])
  }

  function frameAt(index: number): CachedFrame | undefined {
    return cache.best(names.value[index], variants.value.draft, variants.value.final)
  }

  /** The frame nearest to `index` that is there, at most `reach` frames away. */
  function nearest(index: number, reach = farthest): CachedFrame | undefined {
    for (let away = 0; away <= Math.min(reach, names.value.length); away++) {
      const frame = frameAt(index - away) ?? frameAt(index + away)
      if (frame) return frame
    }
    return undefined
  }

  function qualityAt(index: number): FrameQuality | null {
    if (cache.has(names.value[index], variants.value.final)) return 'final'
    return cache.has(names.value[index], variants.value.draft) ? 'draft' : null
  }

  function need(): FrameNeed {
    const { path } = timeline
    return {
      total: timeline.pictures.length === path.stops.length ? timeline.total : 0,
      playhead: player.playhead,
      direction: player.speed < 0 ? -1 : 1,
      playing: player.playing,
      pingPong: timeline.repeat === 'ping-pong',
      scrubbing: player.scrubbing,
      background: background.value,
      reach: cache.capacity / variantsKept,
      ready: isReady,
      has: (index, quality) =>
        qualityAt(index) === 'final' || (quality === 'draft' && qualityAt(index) !== null),
      together: (a, b) => placeOf(path, a).segment === placeOf(path, b).segment,
    }
  }

  async function pump(): Promise<void> {
    if (working.value) {
      if (isStale(need(), working.value)) controller?.abort()
      return
    }
    const batch = failure.value ? null : pickFrames(need())
    if (!batch || !model.source) return
    working.value = batch
    controller = new AbortController()
    try {
      await compute(batch, controller.signal)
    } catch (thrown) {
      halt(thrown)
    }
    working.value = null
    void pump()
  }

  async function compute({ indices, quality }: FrameBatch, signal: AbortSignal): Promise<void> {
    const wanted = indices.map((index) => segmentRequest(source.value, index))
    const wantedNames = indices.map((index) => names.value[index])
    const variant = variants.value[quality]
    const { frames, seconds } = await request(
      'animation.frames',
      {
        model: model.source!,
        plan: wanted[0].plan,
        indices: wanted.map(({ index }) => index),
        decode: quality === 'final' ? settings.decode : settings.draft,
      },
      { signal },
    )
    const bitmaps = await Promise.all(frames.map(toBitmap))
    for (const [at, bitmap] of bitmaps.entries()) cache.put(wantedNames[at], variant, { bitmap, quality })
    if (quality === 'final') secondsPerFrame.value = seconds / frames.length
    version.value++
  }

  function halt(thrown: unknown): void {
    if (controller?.signal.aborted) return
    failure.value = toFailure(thrown)
    useNotices().fail('Frames couldn’t be rendered', thrown, { label: 'Try again', run: resume })
  }

  /** Goes on after a failure. */
  function resume(): void {
    failure.value = null
    void pump()
  }

  watch([names, variants], () => {
    version.value++
    controller?.abort()
    resume()
  })
  watch(
    [() => player.playhead, () => player.playing, () => player.scrubbing, readyPictures, background],
    () => void pump(),
  )

  return { version, working, failure, resume, isReady, frameAt, nearest, qualityAt }
})

function toBitmap(png: Uint8Array): Promise<ImageBitmap> {
  return createImageBitmap(pngBlob(png))
}
