import { countOf, overallOf, type Progress } from '#shared/progress'
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
  const { etaSeconds } = overallOf(progress)
  const counted = phase === 'download' ? countOf(progress) : `step ${done} of ${total}`
  const steps = phase === 'load' ? '' : ` · ${counted}`
  const left = etaSeconds === null ? '' : ` · ${formatEstimate(etaSeconds)} left`
  return `${phases[phase]}${steps}${left}`
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
  const { label = '', etaSeconds } = progress
  const left = etaSeconds === null ? '' : ` · ${formatEstimate(etaSeconds)} left`
  return `${countOf(progress)}${left} · ${label}`
}
