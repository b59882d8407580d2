import { endsOf, isHeld, placeOf } from '#core/timeline/path'
import { pathPosition } from '#core/timeline/timeline'
import { computed } from 'vue'
import { isPicture } from '../../stores/library'
import { usePlayer } from '../../stores/player'
import { useTimeline } from '../../stores/timeline'

/**
 * Describes where the frame under the playhead lies: at a stop, and what is shown of it, or how far between
 * two.
 */
export function useFramePlace() {
  const timeline = useTimeline()
  const player = usePlayer()

  /** Describes what the frame at a stop shows. */
  function shownAt(stop: number): string {
    if (timeline.hasOwnPrompt(stop)) return 'guided by its prompt'
    const item = timeline.items.at(stop)
    if (!item || !isPicture(item)) return 'decoded'
    return timeline.pinned ? 'pinned picture' : 'reconstruction'
  }

  const nameOf = (stop: number) => timeline.items.at(stop)?.name

  return computed(() => {
    const { path } = timeline
    const { segment, offset } = placeOf(path, player.playhead)
    const [from, to] = endsOf(path, segment)
    if (offset === 0) return { stop: nameOf(from), shown: shownAt(from) }
    if (offset === path.segments[segment].frames) return { stop: nameOf(to), shown: shownAt(to) }
    if (isHeld(path.segments[segment])) return { stop: nameOf(from), shown: 'held' }
    const { fraction } = pathPosition({ kind: 'path', ...path }, player.playhead)
    return { from: nameOf(from), to: nameOf(to), percent: Math.round(100 * fraction) }
  })
}
