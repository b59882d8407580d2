import type { Segment } from '#core/timeline/path'
import type { StudioDocument } from '#shared/document'
import { measurementBases, type MeasuredModel } from '#shared/measurementBasis'
import { stableJson } from '#shared/stableJson'
import { computed } from 'vue'
import { useDocument } from './document'
import { useModel } from './model'
import { useProject } from './project'
import { useTimeline } from './timeline'

/**
 * Compares what the even timing of each segment was measured on with what is there now: part of the store
 * `evenTiming`.
 */
export function useMeasurements() {
  const document = useDocument()
  const project = useProject()
  const model = useModel()
  const timeline = useTimeline()
  /** The model in use; null before it is known. */
  const modelRead = computed<MeasuredModel | null>(
    () => model.info && { sha256: model.info.sha256, reading: model.reading },
  )
  /** The models whose measurements are valid: the one in use, and the project’s own while that is missing. */
  const acceptedModels = computed(() => [modelRead.value, project.missingModel].filter((one) => one !== null))
  /**
   * Returns a function that checks whether the places of a segment were measured on the contents of a document.
   */
  function measuresOf(of: StudioDocument): (at: number, segment: Segment) => boolean {
    const bases = acceptedModels.value.map((one) => measurementBases(of, one))
    return (at, { measuredOn }) => bases.some((basisOf) => basisOf(at) === measuredOn)
  }
  const isMeasured = computed(() => measuresOf(document.value))
  /** Describes what the places of each segment would be measured on now. */
  const basisNow = computed(() =>
    modelRead.value === null ? () => null : measurementBases(document.value, modelRead.value),
  )
  /** The positions of the outdated segments. */
  const outdated = computed(() => [...timeline.path.segments.keys()].filter(isOutdated))
  /**
   * Describes what the outdated segments would be measured on: changes only if there is something else to
   * measure.
   */
  const toMeasure = computed(() => stableJson(outdated.value.map((at) => [at, basisNow.value(at)])))
  /** Whether a segment is outdated: its even timing was measured on other contents than it has now. */
  function isOutdated(at: number): boolean {
    const segment = timeline.path.segments[at]
    return (
      segment.fractions !== undefined && acceptedModels.value.length > 0 && !isMeasured.value(at, segment)
    )
  }

  /**
   * Returns a document that is about to replace the open one, with newer measurements in place of outdated
   * ones: undo does not restore an older file or model, so measurements of the open document that are valid for the
   * next one replace its outdated ones. Returns the same document if nothing changes.
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

  return { modelRead, basisNow, outdated, toMeasure, isOutdated, asMeasured }
}
