import { overallOf, type Progress } from '#shared/progress'
import { formatEstimate } from '#core/format/quantities'

const phases: Record<Progress['phase'], string> = {
  load: 'Loading the model',
  encode: 'To the latent',
  decode: 'And back',
  measure: 'Measuring',
  write: 'Writing',
}

/** A sign of life as one short line: what is at work, how far, how long still. */
export function progressLabel(progress: Progress | null): string {
  if (!progress) return 'Starting'
  const { phase, done, total } = progress
  const { etaSeconds } = overallOf(progress)
  const steps = phase === 'load' ? '' : ` · step ${done} of ${total}`
  const left = etaSeconds === null ? '' : ` · ${formatEstimate(etaSeconds)} left`
  return `${phases[phase]}${steps}${left}`
}

const exportPhases: Record<Progress['phase'], string> = {
  ...phases,
  encode: 'Encoding pictures',
  decode: 'Decoding frames',
}

/** What an export is at. A picture that is encoded is decoded too, to be measured: both are its encoding to people. */
export function exportActivity({ phase, label }: Progress): string {
  return label ? `Encoding ${label}` : exportPhases[phase]
}
