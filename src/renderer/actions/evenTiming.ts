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
 * Measures the segments again whose length, path or items have changed since. This belongs to the undo step of the
 * change and adds none of its own.
 */
export async function measureOutdatedSegments(): Promise<void> {
  const { outdatedSegments } = useTimeline()
  if (outdatedSegments.length > 0) await measure(outdatedSegments, (put) => put())
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
  const timed = positions.filter((at) => segments[at].fractions)
  // All lengths come first: a new one makes the places of smooth segments next to it outdated.
  for (const at of timed) useTimeline().change(at, { frames: segments[at].frames })
  for (const at of timed) useTimeline().change(at, { fractions: segments[at].fractions })
}
