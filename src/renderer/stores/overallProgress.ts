import type { OverallProgress, Progress } from '#shared/progress'

/** How far a whole request is: that of its one phase where it has no more. */
export function overallOf({ overall, done, total, etaSeconds }: Progress): OverallProgress {
  return overall ?? { share: done / Math.max(1, total), etaSeconds }
}

/** The share of a request that is done, 0 to 1; 0 before its first sign of life. */
export function shareOf(progress: Progress | null | undefined): number {
  return progress ? overallOf(progress).share : 0
}
