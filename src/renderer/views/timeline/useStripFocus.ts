import { computed, inject, provide, ref, type ComputedRef, type InjectionKey, type Ref } from 'vue'

/** The elements of the strip: stop 0, segment 0, stop 1, and so on. */
type StripKey = `${'stop' | 'segment'}-${number}`

const key: InjectionKey<Ref<StripKey>> = Symbol('the tab stop of the strip')

/**
 * Makes the stops and segments of the timeline one tab stop; the arrow keys move between them.
 *
 * @param strip  its elements with `data-strip` are in the order on screen
 * @param stops  number of stops
 */
export function useStripFocus(strip: Ref<HTMLElement | null>, stops: () => number) {
  const focused = ref<StripKey>('stop-0')
  /** If the focused element is gone, the first element becomes the tab stop again. */
  const tabStop = computed(() => (Number(focused.value.split('-')[1]) < stops() ? focused.value : 'stop-0'))
  provide(key, tabStop as ComputedRef<StripKey>)

  const items = (): HTMLElement[] => [...(strip.value?.querySelectorAll<HTMLElement>('[data-strip]') ?? [])]

  function onFocus({ target }: FocusEvent): void {
    const item = (target as Element).closest<HTMLElement>('[data-strip]')
    if (item) focused.value = item.dataset['strip'] as StripKey
  }

  function onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const all = items()
    const at = all.findIndex((item) => item === event.target)
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key]
    if (at < 0 || to === undefined) return
    all[Math.max(0, Math.min(all.length - 1, to))].focus()
    event.preventDefault()
    event.stopPropagation()
  }

  return { onFocus, onKey }
}

/** Returns the attributes of one element of the strip. */
export function useStripItem(kind: 'stop' | 'segment', index: () => number) {
  const tabStop = inject(key, ref<StripKey>('stop-0'))
  return computed(() => {
    const name: StripKey = `${kind}-${index()}`
    return { 'data-strip': name, tabindex: tabStop.value === name ? 0 : -1 }
  })
}
