import { draftTrajectory, isBlindAt, isTellingAt } from '#core/diffusion/draft'
import { createGaussian } from '#core/random/gaussian'
import type { SolverStep } from '#core/diffusion/integrate'
import type { DecodeTrajectory } from '#core/diffusion/inversion'
import type { Latent } from '#core/diffusion/latent'
import { levelAt } from '#core/diffusion/noiseSchedule'
import { predictX0 } from '#core/diffusion/prediction'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { encodePng } from '../image/encodePicture'
import { tensorToPixels } from '../image/tensorPixels'
import type { AbortableMemo } from '../memo/AbortableMemo'
import type { Job } from '../job/Job'
import type { PlannedFrame } from './planFrame'

/**
 * Returns a function that turns the trajectory of frames into that of their drafts, with `evaluations`
 * evaluations each.
 */
export function draftFrames(
  means: AbortableMemo<Tensor>,
  job: Job,
  frames: readonly PlannedFrame[],
  evaluations: number,
): (latents: Latent, final: DecodeTrajectory) => Promise<DecodeTrajectory> {
  return async (latents, final) => {
    const mean = await meanPicture(means, job, { frames, timestep: latents.timestep })
    return draftTrajectory(latents, final, { evaluations, mean })
  }
}

/**
 * A preview is worthwhile if the draft itself will take at least this much longer, in milliseconds; a tenth
 * of a second feels instant.
 */
const noticeableWait = 100

/**
 * Returns a function that watches the steps of a draft. It returns the picture predicted so far, as PNG
 * bytes, once: as soon as there is something to see. It returns null at all other steps, and always if the
 * draft is nearly done.
 */
export function firstLook({
  model: { schedule, space },
}: Job): (step: SolverStep) => Promise<Uint8Array | null> {
  let isOver = false
  let stepAt = performance.now()
  /**
   * The last timestep that the network was given. What it predicts from pure noise is not worth previewing.
   */
  let seenAt: number | null = null
  return async (step) => {
    const isTelling = seenAt !== null && isTellingAt(schedule, seenAt)
    seenAt = step.timestep
    const wait = (performance.now() - stepAt) * (step.total - step.done)
    stepAt = performance.now()
    if (isOver || !isTelling || wait < noticeableWait) return null
    isOver = true
    return encodePng(tensorToPixels(space.preview(step.x0)))
  }
}

/**
 * What a model predicts from pure noise: the mean of all its pictures, [1, C, H, W]. Evaluated once per model
 * and timestep.
 *
 * @returns null if the mean is no substitute for an evaluation: at a timestep that is not noisy enough, or
 *   under a condition, where computing its own mean would cost as much as it saves
 */
async function meanPicture(
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
