import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { useLibrary } from './library'
import { useTimeline } from './timeline'

/** The timeline's selection: stops, or one segment. A segment is identified by the stop where it starts. */
export const useSelection = defineStore('selection', () => {
  const timeline = useTimeline()
  const library = useLibrary()
  const stopIds = shallowRef<readonly string[]>([])
  const segmentId = ref<string | null>(null)
  /** The stop or marker that is being renamed. */
  const renaming = ref<string | null>(null)
  const positionOf = (id: string | null): number => timeline.path.stops.findIndex((stop) => stop.id === id)

  /** Positions of the selected stops, in order along the path. */
  const stops = computed(() =>
    stopIds.value
      .map(positionOf)
      .filter((at) => at >= 0)
      .sort((a, b) => a - b),
  )
  /** Position of the selected segment; null for none. */
  const segment = computed(() => {
    const at = positionOf(segmentId.value)
    return at >= 0 && at < timeline.path.segments.length ? at : null
  })

  function selectStops(positions: readonly number[]): void {
    segmentId.value = null
    stopIds.value = positions.map((at) => timeline.path.stops[at]?.id).filter((id) => id !== undefined)
    const sources = stops.value.map((at) => timeline.path.stops[at].source)
    library.select([...new Set(sources)])
  }

  function selectSegment(position: number): void {
    stopIds.value = []
    library.select([])
    segmentId.value = timeline.path.stops[position]?.id ?? null
  }

  function clear(): void {
    stopIds.value = []
    segmentId.value = null
  }

  // A selection in the library replaces the one on the timeline.
  watch(
    () => library.selectedIds,
    (ids) => {
      const here = stops.value.map((at) => timeline.path.stops[at].source)
      if (ids.length > 0) segmentId.value = null
      if (!here.every((source) => ids.includes(source)) || ids.length > new Set(here).size) stopIds.value = []
    },
    { flush: 'sync' },
  )

  return { stops, segment, renaming, selectStops, selectSegment, clear }
})
