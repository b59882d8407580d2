import { useLocalStorage, useWindowSize } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { usePreferences } from './preferences'

const sidePanels = ['library', 'inspector'] as const

export type PanelName = 'library' | 'inspector' | 'timeline'

/** The size of a panel perpendicular to its movable edge, in rem: default, minimum and maximum. */
export const panelSizes: Record<PanelName, { usual: number; min: number; max: number }> = {
  library: { usual: 15.5, min: 11, max: 40 },
  inspector: { usual: 18.5, min: 16, max: 32 },
  timeline: { usual: 13, min: 11, max: 30 },
}

/** In windows at least this wide, in pixels, everything is a little larger. */
const largeWindow = 1900

/** Below this width, in rem, the side panels open over the stage, one at a time. */
const narrowest = 58

/** The least width of the stage between open side panels, in rem. */
const leastStage = 20

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

  /**
   * The width available to the open side panels, in rem: that of the window without the minimum for the stage.
   */
  const room = computed(() => width.value / rem.value - leastStage)
  const isBeside = (panel: PanelName): boolean => panel !== 'timeline' && !narrow.value && isOpen(panel)
  /**
   * The sizes of the panels in this window. If the stage would be too narrow, side panels shrink in proportion.
   */
  const shownSizes = computed<Record<PanelName, number>>(() => {
    const beside = sidePanels.filter(isBeside)
    const sumOf = (size: (panel: PanelName) => number) => beside.reduce((sum, panel) => sum + size(panel), 0)
    const least = sumOf((panel) => panelSizes[panel].min)
    const beyond = sumOf((panel) => sizes.value[panel]) - least
    if (beyond <= room.value - least) return sizes.value
    const share = Math.max(0, (room.value - least) / beyond)
    const shrunk = (panel: PanelName): number =>
      panelSizes[panel].min + share * (sizes.value[panel] - panelSizes[panel].min)
    return { ...sizes.value, ...Object.fromEntries(beside.map((panel) => [panel, shrunk(panel)])) }
  })

  /**
   * Resizes a panel. Side panels then keep the sizes that they have in this window.
   *
   * @param rems  clamped to the panel's limits, and to what the stage and the other panel leave
   */
  function resize(panel: PanelName, rems: number): void {
    const { min, max } = panelSizes[panel]
    const before = isBeside(panel) ? shownSizes.value : sizes.value
    const others = sidePanels.filter((one) => one !== panel && isBeside(one))
    const left = room.value - others.reduce((sum, one) => sum + before[one], 0)
    const most = isBeside(panel) ? Math.min(max, left) : max
    sizes.value = { ...before, [panel]: Math.max(min, Math.min(most, rems)) }
  }

  watch(narrow, () => (drawer.value = null))

  return { shownSizes, drawer, rem, narrow, isOpen, toggle, open, resize }
})
