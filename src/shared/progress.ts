/** Progress reports of a running request, sent from the engine to the caller. */
import { formatBytes } from '#core/format/quantities'
import type { LabCell } from './lab'

/** The progress of all phases of a request together. */
export interface OverallProgress {
  /** Fraction of the work that is done, 0 to 1; it never decreases. */
  share: number
  /** Total seconds left, estimated from the pace so far; null before the first step. */
  etaSeconds: number | null
}

/** One progress report of a running request. */
export interface Progress {
  /** A download is counted in bytes. */
  phase: 'load' | 'encode' | 'decode' | 'measure' | 'write' | 'download'
  /** Fractional while a part is in progress. */
  done: number
  total: number
  /** Seconds left, estimated from the steps measured so far; null before the first. */
  etaSeconds: number | null
  /** Speed of a download over the last seconds; null before the first bytes. */
  bytesPerSecond?: number | null
  /** Progress of the whole request, if it has more than one phase. */
  overall?: OverallProgress
  /** Predicted x0 as PNG bytes, if the request asked for previews. */
  preview?: Uint8Array
  /** What is being worked on: a file name, for example. */
  label?: string
  /** A file that has just been written, if the request writes one for each of its items. */
  item?: string
  /** A cell of the Lab that has just been measured. */
  cell?: LabCell
}

/** Returns the progress of a whole request: that of its only phase if it has just one. */
export function overallOf({ overall, done, total, etaSeconds }: Progress): OverallProgress {
  return overall ?? { share: done / Math.max(1, total), etaSeconds }
}

/** Returns the fraction of a request that is done, 0 to 1; 0 before its first report. */
export function shareOf(progress: Progress | null | undefined): number {
  return progress ? overallOf(progress).share : 0
}

/** Formats the progress for people: "3/50", or "12 MB of 143 MB · 3.2 MB/s" for a download. */
export function countOf({ phase, done, total, bytesPerSecond }: Progress): string {
  if (phase !== 'download') return `${Math.floor(done)}/${total}`
  const speed = bytesPerSecond ? ` · ${formatBytes(bytesPerSecond)}/s` : ''
  return `${formatBytes(done)} of ${formatBytes(total)}${speed}`
}
