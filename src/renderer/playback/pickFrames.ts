import { fold } from './transport'

export type FrameQuality = 'draft' | 'final'

/** Everything that determines which frames to compute next. */
export interface FrameNeed {
  total: number
  playhead: number
  /** The direction in which the playhead moves, or last moved. */
  direction: 1 | -1
  playing: boolean
  /** Whether playback turns round at the ends instead of starting over. */
  pingPong: boolean
  /** Whether the playhead is being dragged. */
  scrubbing: boolean
  /** How finished frames away from the playhead may be: not computed at all, drafts, or final quality. */
  background: 'none' | FrameQuality
  /** How many frames ahead of the playhead may be computed: as many as the cache can hold. */
  reach: number
  /** Whether a frame can be computed yet, i.e. the pictures at both ends are encoded. */
  ready: (index: number) => boolean
  /** Whether a frame is available in this quality or better. */
  has: (index: number, quality: FrameQuality) => boolean
  /** How many frames the engine evaluates together in about the time of one. */
  batch: number
  /** Whether two frames can go in one request. */
  together: (a: number, b: number) => boolean
}

export interface FrameBatch {
  indices: number[]
  quality: FrameQuality
  /** Whether the playhead is waiting for it. */
  isUrgent?: boolean
}

/**
 * The smallest batch during playback, for throughput. At rest, batches may be smaller, because requests must be
 * able to give way after one evaluation.
 */
const leastWhilePlaying = 8
/** The most frames in one request. */
const mostTogether = 64

/**
 * Chooses what to compute next. First comes the draft of the frame under the playhead, on its own. During
 * playback, drafts of the next frames follow. At rest, that frame in final quality follows, then drafts
 * everywhere and finally final frames everywhere, starting at the playhead.
 */
export function pickFrames(need: FrameNeed): FrameBatch | null {
  if (need.total === 0) return null
  const { playhead } = need
  if (lacks(need, playhead, 'draft')) {
    return need.playing ? gather(need, 'draft') : { indices: [playhead], quality: 'draft', isUrgent: true }
  }
  if (need.scrubbing) return null
  if (!need.playing && lacks(need, playhead, 'final')) return { indices: [playhead], quality: 'final' }
  if (need.background === 'none') return null
  return gather(need, 'draft') ?? (need.background === 'final' ? gather(need, 'final') : null)
}

/**
 * Whether a running request should give way because the playhead waits for a frame that is not part of it.
 * During a drag, the draft for an earlier position may finish: if every draft gave way, none would ever be
 * shown.
 */
export function isStale(need: FrameNeed, inFlight: FrameBatch): boolean {
  if (need.scrubbing && inFlight.isUrgent) return false
  return lacks(need, need.playhead, 'draft') && !inFlight.indices.includes(need.playhead)
}

function lacks(need: FrameNeed, index: number, quality: FrameQuality): boolean {
  return need.ready(index) && !need.has(index, quality)
}

function gather(need: FrameNeed, quality: FrameQuality): FrameBatch | null {
  const indices: number[] = []
  const batchSize = Math.min(mostTogether, Math.max(need.batch, need.playing ? leastWhilePlaying : 1))
  // A ping-pong may have to cover twice the length of the path before it has shown every frame.
  const farthest = Math.min(2 * need.total, need.reach)
  for (let ahead = 0; ahead < farthest && indices.length < batchSize; ahead++) {
    const index = frameAhead(need, ahead)
    if (indices.includes(index) || !lacks(need, index, quality)) continue
    if (indices.length > 0 && !need.together(indices[0], index)) break
    indices.push(index)
  }
  return indices.length > 0 ? { indices, quality } : null
}

/** Returns the frame `ahead` frames from now in playback order; at rest, forwards. */
function frameAhead({ total, playhead, direction, playing, pingPong }: FrameNeed, ahead: number): number {
  const position = playhead + ahead * (playing ? direction : 1)
  if (playing && pingPong) return fold(position, total - 1).folded
  return ((position % total) + total) % total
}
