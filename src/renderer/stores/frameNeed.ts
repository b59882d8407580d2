import { placeOf } from '#core/timeline/path'
import { computed, type Ref } from 'vue'
import type { FrameNeed, FrameQuality } from '../playback/pickFrames'
import { stopsOf } from '../timeline/framePlans'
import { useEncoding } from './encoding'
import { useExports } from './exports'
import { usePlayer } from './player'
import { useTimeline } from './timeline'
import { useWorkspace } from './workspace'

/** The longest time, in seconds, that refining all frames may take without being requested. */
const patienceSeconds = 300

/** What is known about the available frames. */
interface Kept {
  qualityAt: (index: number) => FrameQuality | null
  capacity: () => number
}

/**
 * Decides which frames are needed, given the playhead and the other work that is running: part of the store
 * `frames`.
 *
 * @param measured  the last measured seconds per final frame (0 before the first measurement), and the engine’s
 * batch size
 */
export function useFrameNeed(
  { qualityAt, capacity }: Kept,
  { secondsPerFrame, batch }: { secondsPerFrame: Readonly<Ref<number>>; batch: Readonly<Ref<number>> },
) {
  const timeline = useTimeline()
  const player = usePlayer()
  const encoding = useEncoding()
  const workspace = useWorkspace()
  const exports = useExports()
  const readyStops = computed(() => timeline.items.map(encoding.isReady))

  /**
   * Only the frame on display is computed if the animation is not in view or something else needs the
   * processor.
   */
  const background = computed<FrameNeed['background']>(() => {
    if (workspace.view !== 'morph' || workspace.dialog !== null || exports.running) return 'none'
    if (encoding.current) return player.playing ? 'draft' : 'none'
    return secondsPerFrame.value * timeline.total <= patienceSeconds ? 'final' : 'draft'
  })

  /** Whether a frame can be computed: the latents at both ends of its segment are available. */
  function isReady(index: number): boolean {
    const { path } = timeline
    // The frame may belong to an edit that was undone while it was being rendered.
    if (path.segments.length === 0) return false
    return stopsOf(path, placeOf(path, index).segment).every((stop) => readyStops.value[stop])
  }

  function need(): FrameNeed {
    const { path } = timeline
    return {
      total: timeline.items.length === path.stops.length ? timeline.total : 0,
      playhead: player.playhead,
      direction: player.speed < 0 ? -1 : 1,
      playing: player.playing,
      pingPong: timeline.repeat === 'ping-pong',
      scrubbing: player.scrubbing,
      background: background.value,
      reach: capacity(),
      batch: batch.value,
      ready: isReady,
      has: (index, quality) =>
        qualityAt(index) === 'final' || (quality === 'draft' && qualityAt(index) !== null),
      together: (a, b) => placeOf(path, a).segment === placeOf(path, b).segment,
    }
  }

  return { readyStops, background, isReady, need }
}
