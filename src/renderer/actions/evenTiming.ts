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
 * Measures the outdated segments again: those whose even timing was measured on other content than they have
 * now. Waits until no search is running. Segments which that search was measuring are left to it, even if it is
 * cancelled. The result belongs to the undo step of the change that made them outdated, and adds no step of its
 * own.
 */
export async function measureOutdatedSegments(): Promise<void> {
  const even = useEvenTiming()
  let left = even.outdated
  const isLeft = (at: number): boolean => left.includes(at) && !even.isAtWorkOn(at)
  while ((left = even.outdated.filter(isLeft)).length > 0) {
    if (even.running) {
      await latest
      continue
    }
    const own = measure(left, (put) => put())
    await own
    // A search that the user began later has replaced this one, which therefore has no result.
    if (latest === own) return
  }
}

/**
 * Resolves when all searches begun so far have ended and their places are in the document. A search that cannot
 * begin ends at once and leaves the running one alone.
 */
let latest: Promise<void> = Promise.resolve()

function measure(only: readonly number[] | null, change: (put: () => void) => void): Promise<void> {
  latest = Promise.all([latest, findAndPut(only, change)]).then(() => undefined)
  return latest
}

async function findAndPut(only: readonly number[] | null, change: (put: () => void) => void): Promise<void> {
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
