import { computed } from 'vue'
import { isPicture, useLibrary } from '../stores/library'
import { usePlayer } from '../stores/player'
import { useTimeline } from '../stores/timeline'

/** The item that the window is about: the one selected last, else the last stop that the playhead passed. */
export function useFocusItem() {
  const library = useLibrary()
  const timeline = useTimeline()
  const player = usePlayer()
  return computed(() => {
    const passed = timeline.stopsAt.findLastIndex((frame) => frame <= player.playhead)
    return library.selected.at(-1) ?? timeline.items[passed] ?? library.items[0] ?? null
  })
}

/**
 * The picture that the window is about; null if the focus item is not a picture. No other picture stands in for it,
 * because that would be changed in its place.
 */
export function useFocusPicture() {
  const item = useFocusItem()
  return computed(() => (item.value && isPicture(item.value) ? item.value : null))
}
