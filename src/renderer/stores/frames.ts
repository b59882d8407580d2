import { toFailure, type Failure } from '#shared/errors'
import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { request } from '../base/api'
import { isStale, pickFrames, type FrameBatch } from '../playback/pickFrames'
import { pngBlob } from '../base/pngBlob'
import { segmentRequest } from '../timeline/framePlans'
import { useEncoding } from './encoding'
import { isPicture } from './library'
import { useFrameNeed } from './frameNeed'
import { type PlacedFrame, useKeptFrames } from './keptFrames'
import { useModel } from './model'
import { useNotices } from './notices'
import { usePlayer } from './player'
import { useSettings } from './settings'
import { useTimeline } from './timeline'

/**
 * The frames of the timeline: computed ahead of the playhead, one request at a time, and cached by content.
 */
export const useFrames = defineStore('frames', () => {
  const player = usePlayer()
  const settings = useSettings()
  const timeline = useTimeline()
  const encoding = useEncoding()
  const model = useModel()
  const kept = useKeptFrames()
  const secondsPerFrame = ref(0)
  const batch = ref(1)
  const { readyStops, background, isReady, need } = useFrameNeed(kept, { secondsPerFrame, batch })
  const working = shallowRef<FrameBatch | null>(null)
  let controller: AbortController | null = null
  /** The draft that is being decoded, in its current state. */
  const rough = shallowRef<PlacedFrame | null>(null)
  /** The failure that stopped computing frames, until `resume` is called or the contents change. */
  const failure = shallowRef<Failure | null>(null)

  /**
   * Runs one request at a time. A request that gives way stops between two evaluations; the next one does not
   * wait for it.
   */
  async function pump(): Promise<void> {
    if (working.value && !isStale(need(), working.value)) return
    giveWay()
    const next = failure.value ? null : pickFrames(need())
    if (!next || !model.source) return
    working.value = next
    const own = (controller = new AbortController())
    try {
      await compute(next, own.signal)
    } catch (thrown) {
      if (!own.signal.aborted) halt(thrown)
    }
    if (own.signal.aborted) return
    working.value = null
    void pump()
  }

  function giveWay(): void {
    if (working.value) controller?.abort()
    working.value = null
  }

  async function compute({ indices, quality, isUrgent }: FrameBatch, signal: AbortSignal): Promise<void> {
    const wanted = indices.map((index) => segmentRequest(kept.source.value, index))
    const keep = { draft: kept.reserve(indices, 'draft'), final: kept.reserve(indices, 'final') }
    const draft = quality === 'draft' ? settings.draft : undefined
    const report = await request(
      'animation.frames',
      {
        model: model.source!,
        plan: wanted[0].plan,
        indices: wanted.map(({ index }) => index),
        decode: settings.decode,
        draft,
        urgent: isUrgent,
      },
      { signal, onProgress: ({ preview }) => preview && void showRough(indices[0], preview, signal) },
    )
    const bitmaps = await Promise.all(report.frames.map((png) => createImageBitmap(pngBlob(png))))
    keep[report.final ? 'final' : 'draft'](bitmaps)
    batch.value = report.batch
    if (quality === 'final') secondsPerFrame.value = report.seconds / indices.length
  }

  /** Shows the current state of a draft until something better is available. */
  async function showRough(index: number, png: Uint8Array, signal: AbortSignal): Promise<void> {
    const bitmap = await createImageBitmap(pngBlob(png))
    if (signal.aborted || failure.value || kept.qualityAt(index) !== null) return bitmap.close()
    dropRough()
    rough.value = { index, bitmap, quality: 'draft' }
  }

  function dropRough(): void {
    rough.value?.bitmap.close()
    rough.value = null
  }

  async function showReconstructions(): Promise<void> {
    for (const { png, keep } of reconstructions()) keep([await createImageBitmap(pngBlob(png))])
  }

  /**
   * Returns the frames at the stops of pictures that are not available yet: the reconstruction, which came with
   * the latent, or the picture itself if stops are pinned. They are returned all at once with their keys,
   * because stops may change while they are decoded.
   */
  function reconstructions() {
    if (timeline.total === 0) return []
    return timeline.items.flatMap((item, stop) => {
      const at = timeline.stopsAt[stop]
      const report = isPicture(item) && !timeline.hasOwnPrompt(stop) ? encoding.reportOf(item) : null
      if (!report || kept.qualityAt(at) === 'final') return []
      const png = timeline.pinned ? report.sourcePng : report.reconstructionPng
      return [{ png, keep: kept.reserve([at], 'final') }]
    })
  }

  function halt(thrown: unknown): void {
    failure.value = toFailure(thrown)
    dropRough()
    useNotices().fail('Frames couldn’t be rendered', thrown, { label: 'Try again', run: resume })
  }

  /** Continues after a failure. */
  function resume(): void {
    failure.value = null
    void pump()
  }

  async function refresh(): Promise<void> {
    await showReconstructions()
    void pump()
  }

  watch(kept.contents, () => {
    kept.version.value++
    giveWay()
    dropRough()
    failure.value = null
    void refresh()
  })
  watch(readyStops, () => void refresh())
  watch([() => player.playhead, () => player.playing, () => player.scrubbing, background], () => void pump())

  return { version: kept.version, kept: kept.lookUp, working, rough, failure, resume, isReady }
})
