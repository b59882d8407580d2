import { fold } from './transport'

export type FrameQuality = 'draft' | 'final'

/** What the choice of the next frames to compute depends on. */
export interface FrameNeed {
  total: number
  playhead: number
  /** The way the playhead moves, or moved last. */
  direction: 1 | -1
  playing: boolean
  /** Whether it turns round at the ends instead of starting over. */
  pingPong: boolean
  /** Whether the playhead is being dragged. */
  scrubbing: boolean
  /** How far frames away from the playhead may be computed: not at all, as drafts, or to their final quality. */
  background: 'none' | FrameQuality
  /** How many frames onwards from the playhead may be computed ahead: as many as can be kept. */
  reach: number
  /** Whether a frame can be computed yet: the pictures at both ends are encoded. */
  ready: (index: number) => boolean
  /** Whether a frame of this quality or a better one is there. */
  has: (index: number, quality: FrameQuality) => boolean
  /** How many frames the engine evaluates together in the time of one. */
  batch: number
  /** Whether two frames can go in one request. */
  together: (a: number, b: number) => boolean
}

export interface FrameBatch {
  indices: number[]
  quality: FrameQuality
  /** Whether the playhead waited for it. */
  isUrgent?: boolean
}

/** While it plays, throughput counts; at rest, how soon a request gives way to the next: after one evaluation. */
const leastWhilePlaying = 8
/** One request's limit. */
const mostTogether = 64

/**
 * Chooses what to compute next: the frame under the playhead as a draft, at once and alone; then, while it plays, drafts
 * of what comes next; at rest, that frame in its final quality, then drafts and at last final frames everywhere, onwards
 * from the playhead.
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
 * Whether a request under way should give way: the playhead waits for a frame that is not in it. While it is dragged, the draft of
 * where it was a moment ago is let finish: of drafts that all give way, none would ever show.
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
  // Twice the path: so far it is until ping-pong has shown every frame.
  const farthest = Math.min(2 * need.total, need.reach)
  for (let ahead = 0; ahead < farthest && indices.length < batchSize; ahead++) {
    const index = frameAhead(need, ahead)
    if (indices.includes(index) || !lacks(need, index, quality)) continue
    if (indices.length > 0 && !need.together(indices[0], index)) break
    indices.push(index)
  }
  return indices.length > 0 ? { indices, quality } : null
}

/** The frame `ahead` frames from now in the order of play; at rest, forwards. */
function frameAhead({ total, playhead, direction, playing, pingPong }: FrameNeed, ahead: number): number {
  const position = playhead + ahead * (playing ? direction : 1)
  if (playing && pingPong) return fold(position, total - 1).folded
  return ((position % total) + total) % total
}
