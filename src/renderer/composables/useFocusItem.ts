import { computed } from 'vue'
import { isPicture, useLibrary } from '../stores/library'
import { usePlayer } from '../stores/player'
import { useTimeline } from '../stores/timeline'

/** The item that the window speaks of: the one selected last, else the stop the playhead passed last. */
export function useFocusItem() {
  const library = useLibrary()
  const timeline = useTimeline()
  const player = usePlayer()
  return computed(() => {
    const passed = timeline.stopsAt.findLastIndex((frame) => frame <= player.playhead)
    return library.selected.at(-1) ?? timeline.items[passed] ?? library.items[0] ?? null
  })
}

/** The picture that the window speaks of: the item, or the first picture where that is none. */
export function useFocusPicture() {
  const library = useLibrary()
  const item = useFocusItem()
  return computed(() => (item.value && isPicture(item.value) ? item.value : (library.pictures[0] ?? null)))
}
