import type { Latent } from './latent'
import type { DecodeTrajectory } from './inversion'
import { sigmaOf } from './noiseLevel'
import { levelAt, cleanTimestep, type NoiseSchedule } from './noiseSchedule'
import { toEpsilon, type PredictEpsilon } from './prediction'
import { createTensor, sizeOf, type Tensor } from './tensor'
import { logSpacedTimesteps } from './timestepSpacings/even'
import { separate } from './timestepSpacings/separate'

/**
 * Returns the sigma of the cleanest state at which a draft evaluates the network; details that form below it
 * are left to the last prediction. Chosen on fruits-64 by the PSNR of drafts against final frames: 1
 * is best for three and four evaluations, and less for more.
 */
function cleanestSigma(evaluations: number): number {
  return Math.min(1, 4 / evaluations)
}

/**
 * From this sigma up, a network trained on pictures of standard deviation 1 or less sees next to nothing of
 * the picture and predicts the mean of all pictures.
 */
const blindSigma = 100

/**
 * From this sigma down, the predicted picture can be told apart from others: its PSNR against the final frame
 * is about 18 dB on fruits-64.
 */
const tellingSigma = 22

/** Returns whether the picture predicted at a timestep is worth a first look. */
export function isTellingAt(schedule: NoiseSchedule, timestep: number): boolean {
  return sigmaOf(levelAt(schedule, timestep)) <= tellingSigma
}

/** Returns whether the picture predicted at a timestep is, for a draft, the same for every latent. */
export function isBlindAt(schedule: NoiseSchedule, timestep: number): boolean {
  return sigmaOf(levelAt(schedule, timestep)) >= blindSigma
}

/**
 * Turns a trajectory into that of a draft: DPM-Solver++ 2M on timesteps evenly spaced in log-SNR, without
 * added noise.
 *
 * @param evaluations  of the network, at least 1; fewer if the schedule does not have enough timesteps
 * @param mean  the picture predicted at the latent's timestep, [1, C, H, W]. It replaces the first
 *   evaluation, so that the draft gets an additional step for free. Null to evaluate the network there too.
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

/** Returns a predictor that gives the epsilon of a known x0 at timestep `at` and delegates at all others. */
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
