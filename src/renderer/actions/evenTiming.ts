import type { Segment } from '#core/timeline/path'
import { useEvenTiming } from '../stores/evenTiming'
import { useNotices } from '../stores/notices'
import { useTimeline } from '../stores/timeline'
import { edit } from './document'

/**
 * Times a segment, or the whole film, so that each frame differs from the next by as much as all others.
 *
 * @param segment  its position; null for the whole film
 */
export async function timeEvenly(segment: number | null): Promise<void> {
  const only = segment === null ? null : [segment]
  const label = only ? 'Time a segment evenly' : 'Time the film evenly'
  await measure(only, (put) => edit(label, put))
}

/**
 * Measures the segments again that were timed evenly on something other than what is there now. This belongs to the
 * undo step of the change and adds none of its own.
 */
export async function measureOutdatedSegments(): Promise<void> {
  const outdated = [...useTimeline().path.segments.keys()].filter(useEvenTiming().isOutdated)
  if (outdated.length > 0) await measure(outdated, (put) => put())
}

async function measure(only: readonly number[] | null, change: (put: () => void) => void): Promise<void> {
  try {
    const segments = await useEvenTiming().find(only)
    if (segments) change(() => putPlaces(segments, only ?? [...segments.keys()]))
  } catch (thrown) {
    useNotices().fail('The frames couldn’t be timed evenly', thrown)
  }
}

function putPlaces(segments: readonly Segment[], positions: readonly number[]): void {
  for (const at of positions) {
    const { frames, fractions, measuredOn } = segments[at]
    if (fractions) useTimeline().change(at, { frames, fractions, measuredOn })
  }
}
