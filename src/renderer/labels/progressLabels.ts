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

/** Progress as one short line: what is being done, how far it is, how long it will still take. */
export function progressLabel(progress: Progress | null): string {
  if (!progress) return 'Starting'
  const { phase, done, total } = progress
  const counted = phase === 'download' ? countOf(progress) : `step ${Math.floor(done)} of ${total}`
  const steps = phase === 'load' ? '' : ` · ${counted}`
  return `${phases[phase]}${steps}${timeLeft(overallOf(progress))}`
}

/** How far even timing is, where no other words say what is measured. */
export function evenTimingLabel(progress: Progress | null): string {
  const left = progress ? timeLeft(overallOf(progress)) : ''
  return `Timing evenly · ${Math.round(100 * shareOf(progress))}%${left}`
}

/** The time left behind what is said of progress; nothing before it is known. */
function timeLeft({ etaSeconds }: Pick<Progress, 'etaSeconds'>): string {
  return etaSeconds === null ? '' : ` · ${formatEstimate(etaSeconds)} left`
}

const exportPhases: Record<Progress['phase'], string> = {
  ...phases,
  encode: 'Encoding pictures',
  decode: 'Rendering frames',
}

/** What an export is doing. A picture is encoded and decoded again to be measured; to people both is its encoding. */
export function exportActivity({ phase, label }: Progress): string {
  return label ? `Encoding ${label}` : exportPhases[phase]
}

/** How a download goes: bytes, speed, time left, or why nothing comes at the moment. */
export function downloadLabel(progress: Progress | null): string {
  if (!progress) return 'Asking for the list of files'
  return `${countOf(progress)}${timeLeft(progress)} · ${progress.label ?? ''}`
}
