import { nextTick } from 'vue'

/**
 * Focuses a marker once the change made to it is on the screen: moving past another marker takes its focus
 * away. If the marker is gone, the one that takes its place gets the focus or, if there is none, the playhead.
 *
 * @param at  its earlier position among the markers
 */
export async function focusMarker(id: string, at = 0): Promise<void> {
  await nextTick()
  const flags = [...document.querySelectorAll<HTMLElement>('[data-marker]')]
  const flag = flags.find(({ dataset }) => dataset['marker'] === id) ?? flags[Math.min(at, flags.length - 1)]
  const next = flag ?? document.querySelector<HTMLElement>('[data-playhead]')
  next?.focus()
}
