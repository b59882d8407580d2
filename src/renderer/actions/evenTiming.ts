import { useEvenTiming } from '../stores/evenTiming'
import { useNotices } from '../stores/notices'
import { useTimeline } from '../stores/timeline'
import { edit } from './document'

/**
 * Times a segment, or the whole film, so that each frame differs from the next by as much as all others.
 *
 * @param segment  by its position; null for the whole film
 */
export async function timeEvenly(segment: number | null): Promise<void> {
  const timeline = useTimeline()
  try {
    const segments = await useEvenTiming().find(segment)
    if (!segments) return
    edit(segment === null ? 'Time the film evenly' : 'Time a segment evenly', () => {
      for (const [at, { frames, fractions }] of segments.entries()) {
        if (fractions) timeline.change(at, { frames, fractions })
      }
    })
  } catch (thrown) {
    useNotices().fail('The frames couldn’t be timed evenly', thrown)
  }
}
