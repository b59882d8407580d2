import type { DocumentLatent } from '#shared/document'
import type { PadPoint } from '#core/timeline/padWeights'
import { useEncoding } from '../stores/encoding'
import { useExplore, type PadSample } from '../stores/explore'
import { useLibrary } from '../stores/library'
import { useNotices } from '../stores/notices'
import { useTimeline } from '../stores/timeline'
import { appendStops } from './appendStops'
import { edit } from './document'

/** Stops per second of a recording, and the maximum for one recording. */
const stopsPerSecond = 3
const mostStops = 24

/** Stops in a whole walk, and frames between them. */
const walkStops = 12
const walkFrames = 5

/** Adds the latent on display in Explore to the library. */
export function keepExplored(): void {
  const { latent } = useExplore()
  if (latent === null) return
  const kept = withId(latent)
  const action = edit(`Add ${kept.name}`, () => useLibrary().addLatents([kept]))
  if (!action) return
  useEncoding().enqueue([kept])
  useNotices().show({ tone: 'good', title: 'Added to the library', detail: kept.name, action })
}

/** Appends the latent on display in Explore to the timeline. */
export function appendExplored(): void {
  const { latent } = useExplore()
  if (latent) appendStops(`Add ${latent.name}`, [withId(latent)])
}

/**
 * Ends the recording in progress, and appends the pointer's path over the pad to the timeline at its original speed.
 * If the pointer never moved, a notice says so.
 */
export function endRecording(): void {
  const explore = useExplore()
  if (!explore.recording) return
  const { samples } = explore.recording
  const hasMoved = !samples.every(({ point }) => isSamePoint(point, samples[0].point))
  // Mixed before the recording ends: from then on, the pad may have other items.
  const latents = hasMoved ? evenlyInTime(samples).flatMap((point) => explore.mixAt(point) ?? []) : []
  explore.recording = null
  if (!hasMoved) {
    return useNotices().show({
      title: 'No path was recorded',
      detail: 'The point did not move: record again, and drag it over the pad before you stop.',
    })
  }
  const seconds = samples.at(-1)!.seconds - samples[0].seconds
  const frames = Math.max(1, Math.round((seconds * useTimeline().fps) / (latents.length - 1)))
  const named = latents.map((latent, at) => ({ ...withId(latent), name: `Pad ${at + 1}` }))
  appendStops('Add a path over the pad', named, { frames, interpolation: 'spline' })
}

const isSamePoint = (a: PadPoint, b: PadPoint): boolean => a.x === b.x && a.y === b.y

/** Appends the whole circle of a walk to the timeline. It ends where it began. */
export function appendWalk(): void {
  const { walkAt } = useExplore()
  const latents = Array.from({ length: walkStops }, (_unused, at) => walkAt((360 * at) / walkStops)).flatMap(
    (latent, at) => (latent ? [{ ...withId(latent), name: `${latent.name} ${at + 1}` }] : []),
  )
  if (latents.length === 0) return
  appendStops('Add a walk', [...latents, latents[0]], { frames: walkFrames, interpolation: 'spline' })
}

function withId(latent: DocumentLatent): DocumentLatent {
  return { ...latent, id: crypto.randomUUID() }
}

/** Returns the pointer's positions at equal intervals of time, including the first and the last. */
export function evenlyInTime(samples: readonly PadSample[]): PadPoint[] {
  if (samples.length < 2) return []
  const [first, last] = [samples[0].seconds, samples.at(-1)!.seconds]
  const count = Math.max(2, Math.min(mostStops, Math.round((last - first) * stopsPerSecond) + 1))
  return Array.from({ length: count }, (_unused, at) => {
    // Rounding may otherwise put the last one after the recording's end.
    const seconds = Math.min(last, first + ((last - first) * at) / (count - 1))
    const after = Math.max(
      1,
      samples.findIndex((sample) => sample.seconds >= seconds),
    )
    const [before, next] = [samples[after - 1], samples[after]]
    const span = next.seconds - before.seconds
    const share = span > 0 ? (seconds - before.seconds) / span : 1
    return {
      x: before.point.x + share * (next.point.x - before.point.x),
      y: before.point.y + share * (next.point.y - before.point.y),
    }
  })
}
