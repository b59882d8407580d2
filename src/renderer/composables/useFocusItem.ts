import { computed } from 'vue'
import { isPicture, useLibrary } from '../stores/library'
import { usePlayer } from '../stores/player'
import { useTimeline } from '../stores/timeline'

/**
 * The item that the window shows details of: the one selected last, else that of the last stop passed by the
 * playhead.
 */
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
 * The picture that the window shows details of; null if the focus item is not a picture. No other picture takes
 * its place, because edits would then change the wrong picture.
 */
export function useFocusPicture() {
  const item = useFocusItem()
  return computed(() => (item.value && isPicture(item.value) ? item.value : null))
}
