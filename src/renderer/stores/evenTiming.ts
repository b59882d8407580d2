import type { Segment } from '#core/timeline/path'
import type { StudioDocument } from '#shared/document'
import { measurementBases } from '#shared/measurementBasis'
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

/** Finds positions for frames so that each differs from the next by as much as all others. */
export const useEvenTiming = defineStore('evenTiming', () => {
  const document = useDocument()
  const project = useProject()
  const model = useModel()
  const settings = useSettings()
  const timeline = useTimeline()
  const progress = shallowRef<Progress | null>(null)
  const controller = shallowRef<AbortController | null>(null)
  const running = computed(() => controller.value !== null)
  const share = computed(() => shareOf(progress.value))
  /** The segments being measured; null for all of them. */
  const wanted = shallowRef<readonly number[] | null>(null)
  /**
   * How the last search ended: a new value each time. One that another replaces, or whose path has changed,
   * does not count.
   */
  const ended = shallowRef<{ readonly how: Ending } | null>(null)
  const isAtWorkOn = (segment: number): boolean =>
    running.value && (wanted.value === null || wanted.value.includes(segment))
  /** The model in use, and how it is read if not as its configuration says; null before it is known. */
  const modelRead = computed(() => {
    if (!model.info) return null
    const reading = stableJson(model.reading)
    return model.info.sha256 + (reading === '{}' ? '' : reading)
  })
  /** The models whose measurements count: the one in use, and the project's own while that is missing. */
  const acceptedModels = computed(() =>
    [modelRead.value, project.missingModel?.sha256].filter((one) => one !== null && one !== undefined),
  )
  /** Returns a function that tells whether places of a segment were measured on what a document holds. */
  function measuresOf(of: StudioDocument): (at: number, segment: Segment) => boolean {
    const bases = acceptedModels.value.map((one) => measurementBases(of, one))
    return (at, { measuredOn }) => bases.some((basisOf) => basisOf(at) === measuredOn)
  }
  const isMeasured = computed(() => measuresOf(document.value))

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
   * @returns all segments, with those timed and what they were measured on; null if the timeline or what its items
   * show changed meanwhile, or the search was cancelled
   */
  async function find(only: readonly number[] | null): Promise<readonly Segment[] | null> {
    const { path, latents, pinned } = timeline
    const plan = wholePlan({ path, latents, pinned })
    if (!plan || !model.source || modelRead.value === null) return null
    const [before, read] = [document.value, modelRead.value]
    const measured = stableJson(plan)
    controller.value?.abort()
    const cancel = new AbortController()
    controller.value = cancel
    progress.value = null
    wanted.value = only
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
        { signal: cancel.signal, onProgress: (next) => (progress.value = next) },
      )
      if (timeline.path !== path || stableJson(wholePlan(timeline)) !== measured) return null
      ended.value = { how: 'finished' }
      return withBases(segments, only, before, read)
    } catch (thrown) {
      const { aborted } = cancel.signal
      const counts = controller.value === cancel && !(aborted && timeline.path !== path)
      if (counts) ended.value = { how: aborted ? 'cancelled' : 'failed' }
      if (aborted) return null
      throw thrown
    } finally {
      if (controller.value === cancel) controller.value = null
    }
  }

  function cancel(): void {
    controller.value?.abort()
  }

  return { running, progress, share, ended, acceptedModels, isAtWorkOn, isOutdated, asMeasured, find, cancel }
})

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
  model: string,
): readonly Segment[] {
  const { timeline } = document
  const isMeasured = (at: number): boolean => only?.includes(at) ?? measured[at].easing !== 'hold'
  const segments = measured.map((segment, at) => (isMeasured(at) ? segment : timeline.segments[at]))
  const basisOf = measurementBases({ ...document, timeline: { ...timeline, segments } }, model)
  return segments.map((segment, at) => (isMeasured(at) ? { ...segment, measuredOn: basisOf(at) } : segment))
}
