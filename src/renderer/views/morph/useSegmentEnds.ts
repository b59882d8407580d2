import { endsOf, placeOf } from '#core/timeline/path'
import { computed } from 'vue'
import { useFrames } from '../../stores/frames'
import { usePlayer } from '../../stores/player'
import { useTimeline } from '../../stores/timeline'

/** The stops on both sides of the playhead, each with its frame if available. */
export function useSegmentEnds() {
  const timeline = useTimeline()
  const player = usePlayer()
  const frames = useFrames()
  return computed(() => {
    const [from, to] = endsOf(timeline.path, placeOf(timeline.path, player.playhead).segment).map((stop) => ({
      item: timeline.items[stop] ?? null,
      bitmap: frames.kept.frameAt(timeline.stopsAt[stop])?.bitmap ?? null,
    }))
    return { from, to }
  })
}
