import { nextTick } from 'vue'

/**
 * Focuses a marker, once what was done to it is on the screen: one that passes another while it moves loses the
 * focus. If it is gone, the marker that takes its place gets the focus; without any, the playhead.
 *
 * @param at  where it was among the markers
 */
export async function focusMarker(id: string, at = 0): Promise<void> {
  await nextTick()
  const flags = [...document.querySelectorAll<HTMLElement>('[data-marker]')]
  const flag = flags.find(({ dataset }) => dataset['marker'] === id) ?? flags[Math.min(at, flags.length - 1)]
  const next = flag ?? document.querySelector<HTMLElement>('[data-playhead]')
  next?.focus()
}
