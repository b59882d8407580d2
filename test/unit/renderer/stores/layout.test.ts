import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { panelSizes, useLayout } from '../../../../src/renderer/stores/layout'

const width = vi.hoisted(() => ({ pixels: null as unknown as { value: number } }))
vi.mock('@vueuse/core', async (original) => ({
  ...(await original<object>()),
  useWindowSize: () => ({ width: width.pixels }),
}))

beforeEach(() => {
  setActivePinia(createPinia())
  width.pixels = ref(2400)
})

/** Opens a window of a width in rem. Very large windows, in which a rem is larger, are not among them. */
const openWindow = (rems: number) => void (width.pixels.value = 16 * rems)

/** Widens both side panels as far as they go, in a window where they can. */
function widenBoth() {
  openWindow(118)
  const layout = useLayout()
  for (const panel of ['library', 'inspector'] as const) layout.resize(panel, 100)
  expect(layout.shownSizes).toMatchObject({
    library: panelSizes.library.max,
    inspector: panelSizes.inspector.max,
  })
  return layout
}

const stageOf = ({ shownSizes: { library, inspector } }: ReturnType<typeof useLayout>, rems: number) =>
  rems - library - inspector

it.each([58, 64, 72, 85])(
  'leaves a stage between the widest panels in a window %i rem wide (would catch an inspector outside of the window)',
  (rems) => {
    const layout = widenBoth()
    const before = layout.shownSizes
    openWindow(rems)
    expect(layout.narrow).toBe(false)
    expect(stageOf(layout, rems)).toBeCloseTo(20)
    for (const panel of ['library', 'inspector'] as const)
      expect(layout.shownSizes[panel]).toBeGreaterThanOrEqual(panelSizes[panel].min)
    // The chosen sizes come back with the width.
    openWindow(118)
    expect(layout.shownSizes).toEqual(before)
  },
)

it('moves the edge of a panel as far as the stage allows, and the other panel stays', () => {
  const layout = widenBoth()
  openWindow(72)
  const { library, inspector } = layout.shownSizes
  layout.resize('library', library - 3)
  expect(layout.shownSizes).toMatchObject({ library: library - 3, inspector })
  layout.resize('library', library + 3)
  expect(layout.shownSizes.library).toBeCloseTo(library)
  expect(layout.shownSizes.inspector).toBe(inspector)
})

it('gives the room of a closed panel to the other, whose size the timeline does not change', () => {
  const layout = widenBoth()
  openWindow(72)
  layout.resize('timeline', 20)
  layout.toggle('inspector')
  expect(layout.shownSizes).toMatchObject({ library: panelSizes.library.max, timeline: 20 })
})
