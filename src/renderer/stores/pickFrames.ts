export type FrameQuality = 'draft' | 'final'

/** What the choice of the next frames to compute depends on. */
export interface FrameNeed {
  total: number
  playhead: number
  /** The way the playhead moves, or moved last. */
  direction: 1 | -1
  playing: boolean
  /** Whether the playhead is being dragged. */
  scrubbing: boolean
  /** How far frames away from the playhead may be computed: not at all, as drafts, or to their final quality. */
  background: 'none' | FrameQuality
  /** Whether a frame can be computed yet: the pictures at both ends are encoded. */
  ready: (index: number) => boolean
  /** Whether a frame of this quality or a better one is there. */
  has: (index: number, quality: FrameQuality) => boolean
  /** Whether two frames can go in one request. */
  together: (a: number, b: number) => boolean
}

export interface FrameBatch {
  indices: number[]
  quality: FrameQuality
}

/** While it plays, throughput counts; at rest, how soon a request can give way to the next wish. */
const batchSizes = { playing: 8, atRest: 4 }

/**
 * Chooses what to compute next: the frame under the playhead as a draft, at once and alone; then, while it plays, drafts
 * ahead of it; at rest, that frame in its final quality, then drafts and at last final frames everywhere.
 */
export function pickFrames(need: FrameNeed): FrameBatch | null {
  if (need.total === 0) return null
  const { playhead } = need
  if (lacks(need, playhead, 'draft')) {
    return need.playing ? gather(need, 'draft') : { indices: [playhead], quality: 'draft' }
  }
  if (need.scrubbing) return null
  if (!need.playing && lacks(need, playhead, 'final')) return { indices: [playhead], quality: 'final' }
  if (need.background === 'none') return null
  return gather(need, 'draft') ?? (need.background === 'final' ? gather(need, 'final') : null)
}

/** Whether a request under way should give way: the playhead waits for a frame that is not in it. */
export function isStale(need: FrameNeed, inFlight: FrameBatch): boolean {
  return lacks(need, need.playhead, 'draft') && !inFlight.indices.includes(need.playhead)
}

function lacks(need: FrameNeed, index: number, quality: FrameQuality): boolean {
  return need.ready(index) && !need.has(index, quality)
}

function gather(need: FrameNeed, quality: FrameQuality): FrameBatch | null {
  const indices: number[] = []
  const batchSize = need.playing ? batchSizes.playing : batchSizes.atRest
  for (let ahead = 0; ahead < need.total && indices.length < batchSize; ahead++) {
    const index = (need.playhead + ahead * need.direction + need.total) % need.total
    if (!lacks(need, index, quality)) continue
    if (indices.length > 0 && !need.together(indices[0], index)) break
    indices.push(index)
  }
  return indices.length > 0 ? { indices, quality } : null
}
