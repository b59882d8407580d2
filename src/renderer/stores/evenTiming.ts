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
import { useModel } from './model'
import { useProject } from './project'
import { useSettings } from './settings'
import { useTimeline } from './timeline'

/** A search that is running. */
interface Search {
  readonly controller: AbortController
  /** The segments being measured; null for the whole film. */
  readonly only: readonly number[] | null
  /** What there was to measure when it began. */
  readonly on: string
}

/** Finds positions for frames so that each differs from the next by as much as all others. */
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
  /** How the last search ended: a new value each time. One that another replaces, or that is stale, does not count. */
  const ended = shallowRef<{ readonly how: Ending } | null>(null)
  /** The model in use; null before it is known. */
  const modelRead = computed<MeasuredModel | null>(
    () => model.info && { sha256: model.info.sha256, reading: model.reading },
  )
  /** The models whose measurements count: the one in use, and the project's own while that is missing. */
  const acceptedModels = computed(() => [modelRead.value, project.missingModel].filter((one) => one !== null))
  /** Returns a function that tells whether places of a segment were measured on what a document holds. */
  function measuresOf(of: StudioDocument): (at: number, segment: Segment) => boolean {
    const bases = acceptedModels.value.map((one) => measurementBases(of, one))
    return (at, { measuredOn }) => bases.some((basisOf) => basisOf(at) === measuredOn)
  }
  const isMeasured = computed(() => measuresOf(document.value))
  /** What the places of each segment would be measured on now. */
  const basisNow = computed(() =>
    modelRead.value === null ? () => null : measurementBases(document.value, modelRead.value),
  )
  /** The positions of the segments that were timed evenly on something other than what is there now. */
  const outdated = computed(() => [...timeline.path.segments.keys()].filter(isOutdated))
  /** What those would be measured on: equal unless there is something else to measure. */
  const toMeasure = computed(() => stableJson(outdated.value.map((at) => [at, basisNow.value(at)])))
  /** Whether what is being measured is no longer there, so that the result is of no use. */
  const isStale = computed(
    () => search.value !== null && describeWanted(search.value.only) !== search.value.on,
  )

  /** Tells all that a search depends on: the open work, the wanted segments, and what their frames depend on. */
  function describeWanted(only: readonly number[] | null): string {
    const { segments } = timeline.path
    const wanted = segments.flatMap((segment, at) =>
      only === null || only.includes(at) ? [[segment, basisNow.value(at)]] : [],
    )
    return stableJson([project.opened, wanted])
  }

  /** Whether a segment as it is now is being measured. */
  function isAtWorkOn(at: number): boolean {
    const segment = timeline.path.segments.at(at)
    return !!search.value && !!segment && !isStale.value && isWanted(search.value.only, at, segment)
  }

  /** Whether a segment was timed evenly on something other than what is there now. */
  function isOutdated(at: number): boolean {
    const segment = timeline.path.segments[at]
    return (
      segment.fractions !== undefined && acceptedModels.value.length > 0 && !isMeasured.value(at, segment)
    )
  }

  /**
   * Returns a document that is to replace the open one, with its outdated places as they were measured again in the
   * open one: an earlier state of the work brings back no earlier file or model. The same one if there are none.
   */
  function asMeasured(next: StudioDocument): StudioDocument {
    if (!next.timeline.segments.some(({ fractions }) => fractions)) return next
    const isSound = measuresOf(next)
    const segments = next.timeline.segments.map((segment, at) => {
      const open = timeline.path.segments.at(at)
      if (!segment.fractions || !open?.fractions || isSound(at, segment) || !isSound(at, open)) return segment
      return { ...segment, fractions: open.fractions, measuredOn: open.measuredOn }
    })
    const isSame = segments.every((segment, at) => segment === next.timeline.segments[at])
    return isSame ? next : { ...next, timeline: { ...next.timeline, segments } }
  }

  /**
   * Looks at the timeline's frames, and at others between them. Replaces a search that is still running.
   *
   * @param only  positions of segments; null for the whole film, whose frames are then redistributed
   * @returns all segments, with those timed and what they were measured on; null if what they were measured on
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

/** Whether a search measures a segment: one of the whole film passes holds over. */
function isWanted(only: readonly number[] | null, at: number, segment: Segment): boolean {
  return only?.includes(at) ?? !isHeld(segment)
}

/**
 * Returns the segments of a document as they were measured, with what they were measured on: the document with them.
 *
 * @param measured  all segments, of which those that hold are as they were if the whole film was asked for
 * @param only  positions of the segments that were asked for; null for the whole film
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
