import { isBlindAt } from '#core/diffusion/draft'
import { createGaussian } from '#core/diffusion/gaussian'
import { levelAt } from '#core/diffusion/noiseSchedule'
import { predictX0 } from '#core/diffusion/prediction'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import type { AbortableMemo } from '../job/AbortableMemo'
import type { Job } from '../job/Job'
import type { PlannedFrame } from './planFrame'

/**
 * What a model predicts from noise alone: the mean of all its pictures, [1, C, H, W]. Evaluated once a model.
 *
 * @returns null where it says too little of a latent: at a timestep that is not noisy enough, or under a condition, whose own mean
 *   would cost what it saves
 */
export async function meanPicture(
  means: AbortableMemo<Tensor>,
  job: Job,
  { frames, timestep }: { readonly frames: readonly PlannedFrame[]; readonly timestep: number },
): Promise<Tensor | null> {
  const { schedule, denoiser, key } = job.model
  const isConditional = frames.some((frame) => Object.keys(frame.condition()).length > 0)
  if (isConditional || !isBlindAt(schedule, timestep)) return null
  return means.get(JSON.stringify([key, timestep]), job.context.signal, async () => {
    const noise = createTensor([1, ...denoiser.stateShape])
    createGaussian(0).fill(noise.data)
    const { predictEpsilon } = job.trajectory()
    return predictX0(noise, await predictEpsilon(noise, timestep), levelAt(schedule, timestep))
  })
}
