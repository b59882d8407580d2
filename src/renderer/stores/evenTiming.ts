import { isHeld, type Segment } from '#core/timeline/path'
import type { StudioDocument } from '#shared/document'
import { measurementBases, type MeasuredModel } from '#shared/measurementBasis'
import { shareOf, type Progress } from '#shared/progress'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { request } from '../base/api'
import { stableJson } from '#shared/stableJson'
import type { Ending } from '../labels/endings'
import { wholePlan } from '../timeline/framePlans'
import { useDocument } from './document'
import { useMeasurements } from './measurements'
import { useModel } from './model'
import { useProject } from './project'
import { useSettings } from './settings'
import { useTimeline } from './timeline'

/** A search that is running. */
interface Search {
  readonly controller: AbortController
  /** The segments being measured; null for the whole film. */
  readonly only: readonly number[] | null
  /** Describes what there was to measure when it began. */
  readonly on: string
}

/** Finds places for frames such that each frame differs from the next by the same amount. */
export const useEvenTiming = defineStore('evenTiming', () => {
  const document = useDocument()
  const project = useProject()
  const model = useModel()
  const settings = useSettings()
  const timeline = useTimeline()
  const progress = shallowRef<Progress | null>(null)
  const search = shallowRef<Search | null>(null)
  const running = computed(() => search.value !== null)
  const share = computed(() => shareOf(progress.value))
  /**
   * How the last search ended, as a new object each time. Not set by a search that another one replaced, or
   * whose subject changed.
   */
  const ended = shallowRef<{ readonly how: Ending } | null>(null)
  const { modelRead, basisNow, outdated, toMeasure, isOutdated, asMeasured } = useMeasurements()
  /** Whether the subject of the running search has changed, so that its result is of no use. */
  const isStale = computed(
    () => search.value !== null && describeWanted(search.value.only) !== search.value.on,
  )

  /**
   * Describes everything that a search depends on: the open work, the wanted segments, and what their frames
   * depend on.
   */
  function describeWanted(only: readonly number[] | null): string {
    const { segments } = timeline.path
    const wanted = segments.flatMap((segment, at) =>
      only === null || only.includes(at) ? [[segment, basisNow.value(at)]] : [],
    )
    return stableJson([project.opened, wanted])
  }

  /** Whether the running search measures a segment as it is now. */
  function isAtWorkOn(at: number): boolean {
    const segment = timeline.path.segments.at(at)
    return !!search.value && !!segment && !isStale.value && isWanted(search.value.only, at, segment)
  }

  /**
   * Measures the timeline’s frames, and others between them. Replaces a search that is still running.
   *
   * @param only  positions of segments; null for the whole film, whose frames are then redistributed
   * @returns all segments, the measured ones with their new places and what they were measured on; null if that
   * changed meanwhile, or the search was cancelled
   */
  async function find(only: readonly number[] | null): Promise<readonly Segment[] | null> {
    const { path, latents, pinned } = timeline
    const plan = wholePlan({ path, latents, pinned })
    if (!plan || !model.source || modelRead.value === null) return null
    const [before, read] = [document.value, modelRead.value]
    search.value?.controller.abort()
    const own: Search = { controller: new AbortController(), only, on: describeWanted(only) }
    search.value = own
    progress.value = null
    const { signal } = own.controller
    try {
      const { segments } = await request(
        'animation.timing',
        {
          model: model.source,
          plan,
          decode: settings.decode,
          segments: only === null ? undefined : [...only],
          share: only === null,
        },
        { signal, onProgress: (next) => (progress.value = next) },
      )
      if (search.value !== own || isStale.value) return null
      ended.value = { how: 'finished' }
      return withBases(segments, only, before, read)
    } catch (thrown) {
      const counts = search.value === own && !(signal.aborted && isStale.value)
      if (counts) ended.value = { how: signal.aborted ? 'cancelled' : 'failed' }
      if (signal.aborted) return null
      throw thrown
    } finally {
      if (search.value === own) search.value = null
    }
  }

  function cancel(): void {
    search.value?.controller.abort()
  }

  return {
    running,
    progress,
    share,
    ended,
    outdated,
    toMeasure,
    isStale,
    isAtWorkOn,
    isOutdated,
    asMeasured,
    find,
    cancel,
  }
})

/** Whether a search measures a segment. A search of the whole film skips segments that hold. */
function isWanted(only: readonly number[] | null, at: number, segment: Segment): boolean {
  return only?.includes(at) ?? !isHeld(segment)
}

/**
 * Returns the segments of a document with their measurements, and with what they were measured on: the document
 * with these segments.
 *
 * @param measured  all segments; if the whole film was requested, those that hold are as they were
 * @param only  positions of the segments that were requested; null for the whole film
 */
function withBases(
  measured: readonly Segment[],
  only: readonly number[] | null,
  document: StudioDocument,
  model: MeasuredModel,
): readonly Segment[] {
  const { timeline } = document
  const isMeasured = (at: number): boolean => isWanted(only, at, measured[at])
  const segments = measured.map((segment, at) => (isMeasured(at) ? segment : timeline.segments[at]))
  const basisOf = measurementBases({ ...document, timeline: { ...timeline, segments } }, model)
  return segments.map((segment, at) => (isMeasured(at) ? { ...segment, measuredOn: basisOf(at) } : segment))
}
