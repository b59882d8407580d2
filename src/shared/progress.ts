/** Signs of life of a running request, on their way from the engine to whoever waits. */
import { formatBytes } from '#core/format/quantities'
import type { LabCell } from './lab'

/** All phases of a request taken as one. */
export interface OverallProgress {
  /** Share of the work that is done, 0 to 1; it never falls. */
  share: number
  /** Seconds left in all, by the pace so far; null before the first step. */
  etaSeconds: number | null
}

/** One sign of life of a running request. */
export interface Progress {
  /** A download is counted in bytes. */
  phase: 'load' | 'encode' | 'decode' | 'measure' | 'write' | 'download'
  /** A fraction where a part is half done. */
  done: number
  total: number
  /** Seconds left, from steps measured so far; null before the first. */
  etaSeconds: number | null
  /** Of a download, over the last seconds; null before the first bytes. */
  bytesPerSecond?: number | null
  /** How far the whole request is, where it has more than one phase. */
  overall?: OverallProgress
  /** Predicted x0 as PNG bytes, when the request asked for previews. */
  preview?: Uint8Array
  /** What is at work, a file name for example. */
  label?: string
  /** A file that has just been written, where a request writes one for each of its items. */
  item?: string
  /** A cell of the Lab that has just been measured. */
  cell?: LabCell
}

/** How far a whole request is: that of its one phase where it has no more. */
export function overallOf({ overall, done, total, etaSeconds }: Progress): OverallProgress {
  return overall ?? { share: done / Math.max(1, total), etaSeconds }
}

/** The share of a request that is done, 0 to 1; 0 before its first sign of life. */
export function shareOf(progress: Progress | null | undefined): number {
  return progress ? overallOf(progress).share : 0
}

/** How many of how much, as people read it: "3/50", or "12 MB of 143 MB · 3.2 MB/s" of a download. */
export function countOf({ phase, done, total, bytesPerSecond }: Progress): string {
  if (phase !== 'download') return `${Math.floor(done)}/${total}`
  const speed = bytesPerSecond ? ` · ${formatBytes(bytesPerSecond)}/s` : ''
  return `${formatBytes(done)} of ${formatBytes(total)}${speed}`
}
