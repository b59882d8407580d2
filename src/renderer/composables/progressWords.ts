import type { Progress } from '#shared/reports'
import { durationText } from './words'

const phases: Record<Progress['phase'], string> = {
  load: 'Loading the model',
  encode: 'To the latent',
  decode: 'And back',
  write: 'Writing',
}

/** The share of its phase that is done, 0 to 1. */
export function shareOf(progress: Progress | null | undefined): number {
  return progress ? progress.done / Math.max(1, progress.total) : 0
}

/** A sign of life as one short line: what is at work, how far, how long still. */
export function progressWords(progress: Progress | null): string {
  if (!progress) return 'Starting'
  const { phase, done, total, etaSeconds } = progress
  const steps = phase === 'load' ? '' : ` · step ${done} of ${total}`
  const left = etaSeconds === null ? '' : ` · ${durationText(etaSeconds)} left`
  return `${phases[phase]}${steps}${left}`
}
