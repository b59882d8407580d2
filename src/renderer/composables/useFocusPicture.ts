import { computed } from 'vue'
import { useLibrary } from '../stores/library'
import { usePlayer } from '../stores/player'
import { useTimeline } from '../stores/timeline'

/** The picture that the window speaks of: the one selected last, else the stop the playhead passed last. */
export function useFocusPicture() {
  const library = useLibrary()
  const timeline = useTimeline()
  const player = usePlayer()
  return computed(() => {
    const passed = timeline.stopsAt.findLastIndex((frame) => frame <= player.playhead)
    return library.selected.at(-1) ?? timeline.pictures[passed] ?? library.pictures[0] ?? null
  })
}
