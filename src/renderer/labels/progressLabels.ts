import { countOf, overallOf, shareOf, type Progress } from '#shared/progress'
import { formatEstimate } from '#core/format/quantities'

const phases: Record<Progress['phase'], string> = {
  load: 'Loading the model',
  encode: 'Encoding',
  decode: 'Checking the result',
  measure: 'Measuring',
  write: 'Writing',
  download: 'Downloading',
}

/** Describes progress in one short line: the current task, how far it is, and the time left. */
export function progressLabel(progress: Progress | null): string {
  if (!progress) return 'Starting'
  const { phase, done, total } = progress
  const counted = phase === 'download' ? countOf(progress) : `step ${Math.floor(done)} of ${total}`
  const steps = phase === 'load' ? '' : ` · ${counted}`
  return `${phases[phase]}${steps}${timeLeft(overallOf(progress))}`
}

/** Describes how far even timing is, for places where no other label says what is being measured. */
export function evenTimingLabel(progress: Progress | null): string {
  const left = progress ? timeLeft(overallOf(progress)) : ''
  return `Timing evenly · ${Math.round(100 * shareOf(progress))}%${left}`
}

/** Returns the time left, to be appended to a progress label; empty until it is known. */
function timeLeft({ etaSeconds }: Pick<Progress, 'etaSeconds'>): string {
  return etaSeconds === null ? '' : ` · ${formatEstimate(etaSeconds)} left`
}

const exportPhases: Record<Progress['phase'], string> = {
  ...phases,
  encode: 'Encoding pictures',
  decode: 'Rendering frames',
}

/**
 * Describes what an export is doing. Encoding a picture includes decoding it to measure the result; both are
 * called encoding here.
 */
export function exportActivity({ phase, label }: Progress): string {
  return label ? `Encoding ${label}` : exportPhases[phase]
}

/** Describes a download: bytes, speed, time left, or why nothing arrives at the moment. */
export function downloadLabel(progress: Progress | null): string {
  if (!progress) return 'Asking for the list of files'
  return `${countOf(progress)}${timeLeft(progress)} · ${progress.label ?? ''}`
}
