import type { Latent } from './latent'
import type { DecodeTrajectory } from './inversion'
import { sigmaOf } from './noiseLevel'
import { levelAt, cleanTimestep, type NoiseSchedule } from './noiseSchedule'
import { toEpsilon, type PredictEpsilon } from './prediction'
import { createTensor, sizeOf, type Tensor } from './tensor'
import { logSpacedTimesteps } from './timestepSpacings/even'
import { separate } from './timestepSpacings/separate'

/**
 * Sigma of the cleanest state that a draft shows the network: details that form below it are left to the last prediction.
 * Chosen on the bundled model by the PSNR of drafts against final frames: 1 does best for three and four evaluations, and less
 * for more of them.
 */
function cleanestSigma(evaluations: number): number {
  return Math.min(1, 4 / evaluations)
}

/**
 * From this sigma on, a network that was trained on pictures of standard deviation 1 or less sees next to nothing of the
 * picture, and answers the mean of all pictures.
 */
const blindSigma = 100

/** From this sigma down, the predicted picture can be told from others: about 18 dB from the final frame on the bundled model. */
const tellingSigma = 22

/** Whether the picture predicted at a timestep is worth a first look. */
export function isTellingAt(schedule: NoiseSchedule, timestep: number): boolean {
  return sigmaOf(levelAt(schedule, timestep)) <= tellingSigma
}

/** Whether the picture predicted at a timestep is the same for every latent, near enough for a draft. */
export function isBlindAt(schedule: NoiseSchedule, timestep: number): boolean {
  return sigmaOf(levelAt(schedule, timestep)) >= blindSigma
}

/**
 * Changes a trajectory into that of a draft: DPM-Solver++ 2M on timesteps evenly spaced in log-SNR, without noise of its own.
 *
 * @param evaluations  of the network, at least 1; fewer where the schedule has no more timesteps
 * @param mean  the picture predicted at the latent's timestep, [1, C, H, W]: it stands in for the first evaluation, which a
 *   draft then has besides the others at no cost. Null to evaluate there as everywhere.
 */
export function draftTrajectory(
  { timestep: end }: Latent,
  { schedule, settings, predictEpsilon }: DecodeTrajectory,
  { evaluations, mean }: { readonly evaluations: number; readonly mean: Tensor | null },
): DecodeTrajectory {
  const steps = Math.min(evaluations + (mean ? 1 : 0), end - cleanTimestep(schedule))
  const timesteps = separate(
    logSpacedTimesteps(schedule, { steps, from: cleanestSigma(evaluations), endTimestep: end }),
    cleanTimestep(schedule),
  )
  return {
    schedule,
    settings: {
      ...settings,
      solver: 'dpm++2m',
      timestepSpacing: 'given',
      steps,
      timesteps,
      eta: 0,
      sigmaHat: false,
    },
    predictEpsilon: mean ? answerWith(mean, end, { schedule, predictEpsilon }) : predictEpsilon,
  }
}

/** Answers one timestep with the epsilon that stands for a given x0, and asks the predictor at all others. */
function answerWith(
  x0: Tensor,
  at: number,
  { schedule, predictEpsilon }: Pick<DecodeTrajectory, 'schedule' | 'predictEpsilon'>,
): PredictEpsilon {
  return async (x, timestep, out = createTensor(x.shape)) => {
    if (timestep !== at) return predictEpsilon(x, timestep, out)
    const size = sizeOf(x0.shape)
    for (let from = 0; from < out.data.length; from += size) out.data.set(x0.data, from)
    return toEpsilon(out, x, levelAt(schedule, at), 'sample', out)
  }
}
