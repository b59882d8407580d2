import { useLocalStorage, useWindowSize } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { usePreferences } from './preferences'

export type PanelName = 'library' | 'inspector' | 'timeline'

/** The size of a panel across its movable edge, in rem: default, minimum and maximum. */
export const panelSizes: Record<PanelName, { usual: number; min: number; max: number }> = {
  library: { usual: 15.5, min: 11, max: 40 },
  inspector: { usual: 18.5, min: 16, max: 32 },
  timeline: { usual: 13, min: 11, max: 30 },
}

/** From this window width in pixels, everything is a little larger. */
const largeWindow = 1900

/** Below this width, in rem, the side panels open over the stage, one at a time. */
const narrowest = 58

/** How the window is divided: which panels are open, and how large each is. Stored on this computer. */
export const useLayout = defineStore('layout', () => {
  const preferences = usePreferences()
  const { width } = useWindowSize()
  const sizes = useLocalStorage<Record<PanelName, number>>(
    'panelSizes',
    {
      library: panelSizes.library.usual,
      inspector: panelSizes.inspector.usual,
      timeline: panelSizes.timeline.usual,
    },
    { mergeDefaults: true },
  )
  const shown = useLocalStorage('panelsShown', { library: true, inspector: true }, { mergeDefaults: true })
  /** The panel that is open over the stage in a narrow window. */
  const drawer = ref<PanelName | null>(null)
  /** Pixels per rem, which grows with the text size and on very large windows. */
  const rem = computed(() => ((width.value >= largeWindow ? 18 : 16) * preferences.textSize) / 100)
  const narrow = computed(() => width.value / rem.value < narrowest)

  const isOpen = (panel: 'library' | 'inspector'): boolean =>
    narrow.value ? drawer.value === panel : shown.value[panel]

  function toggle(panel: 'library' | 'inspector'): void {
    if (narrow.value) drawer.value = drawer.value === panel ? null : panel
    else shown.value = { ...shown.value, [panel]: !shown.value[panel] }
  }

  function open(panel: 'library' | 'inspector'): void {
    if (!isOpen(panel)) toggle(panel)
  }

  /** @param rems  clamped to the panel's limits */
  function resize(panel: PanelName, rems: number): void {
    const { min, max } = panelSizes[panel]
    sizes.value = { ...sizes.value, [panel]: Math.max(min, Math.min(max, rems)) }
  }

  watch(narrow, () => (drawer.value = null))

  return { sizes, drawer, rem, narrow, isOpen, toggle, open, resize }
})
