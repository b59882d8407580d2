import type { Easing } from '#core/timeline/easing'
import { interpolations } from '#core/timeline/interpolations/registry'
import { isHeld, type Segment } from '#core/timeline/path'
import { limits } from '#shared/limits'
import { easingPresets, presetOf } from '../labels/timingLabels'
import { useLayout } from '../stores/layout'
import { useSelection } from '../stores/selection'
import { useTimeline } from '../stores/timeline'
import type { ActionGroups } from './actionRows'
import { edit } from './document'
import { timeEvenly } from './evenTiming'

/** Selects a segment, so that the inspector shows its settings. */
export function showSegment(position: number): void {
  useSelection().selectSegment(position)
  useLayout().open('inspector')
}

/** Changes some fields of a segment. Successive changes to the same fields are one undo step. */
export function changeSegmentAt(position: number, changes: Partial<Segment>): void {
  const key = `segment-${position}-${Object.keys(changes).join()}`
  edit('Change a segment', () => useTimeline().change(position, changes), key)
}

/**
 * Applies the timing and path of one segment to all others. If it was timed evenly, segments that were not are
 * marked as outdated, so that they are measured soon, like all segments that an edit makes outdated; segments
 * that hold, or are timed evenly already, get only its path.
 */
export function applyToAllSegments(position: number): void {
  const timeline = useTimeline()
  const { easing, interpolation, fractions } = timeline.path.segments[position]
  edit('Change all segments', () => {
    for (const [at, segment] of timeline.path.segments.entries()) {
      if (at === position) continue
      timeline.change(at, { ...(fractions ? evenTimingFor(segment, easing) : { easing }), interpolation })
    }
  })
}

/**
 * Returns the changes that make a segment evenly timed: equally spaced places, marked as outdated, and an
 * easing to fall back on. None for a segment that already has measured places, or that holds.
 */
function evenTimingFor(segment: Segment, easing: Easing): Partial<Segment> {
  if (segment.fractions || isHeld(segment)) return {}
  const { frames } = segment
  const fractions = Array.from({ length: frames - 1 }, (_, at) => (at + 1) / frames)
  return { easing, fractions, measuredOn: '' }
}

/** Returns the actions for a segment. */
export function segmentRows(position: number): ActionGroups {
  const { path } = useTimeline()
  const segment = path.segments[position]
  if (!segment) return []
  const { easing, fractions, frames, interpolation } = segment
  const stretch = (by: number): void => {
    const { min, max } = limits.segmentFrames
    changeSegmentAt(position, { frames: Math.max(min, Math.min(max, Math.round(frames * by))) })
  }
  return [
    [{ id: 'segmentSettings', title: 'Segment settings', run: () => showSegment(position) }],
    [
      ...easingPresets.map((preset) => ({
        id: `timing-${preset.id}`,
        title: preset.label,
        checked: !fractions && presetOf(easing) === preset,
        run: () => changeSegmentAt(position, { easing: preset.easing }),
      })),
      {
        id: 'timing-even',
        title: 'Even',
        checked: !!fractions,
        run: () => timeEvenly(position),
      },
    ],
    interpolations.map(({ id, title }) => ({
      id: `path-${id}`,
      title,
      checked: interpolation === id,
      run: () => changeSegmentAt(position, { interpolation: id }),
    })),
    [
      { id: 'double', title: 'Double the length', run: () => stretch(2) },
      { id: 'halve', title: 'Halve the length', disabled: frames < 2, run: () => stretch(0.5) },
      {
        id: 'allSegments',
        title: 'Apply timing and path to all segments',
        disabled: path.segments.length < 2,
        run: () => applyToAllSegments(position),
      },
    ],
  ]
}
