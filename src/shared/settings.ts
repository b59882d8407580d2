/** How pictures are encoded and latents decoded. */
import { z } from 'zod'
import { conditioningTimesteps } from '#core/diffusion/path'
import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import { solverIds } from '#core/diffusion/solvers/registry'
import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { limits, real, whole } from './limits'

/** Steps of a trajectory, each way; the model's number of training timesteps is checked where the model is known. */
export const steps = whole(limits.steps, 'steps')

/** How random decoding is: 0 is DDIM, 1 is DDPM (paper, eq. 16). */
export const eta = real(limits.eta, 'eta')

/** Timesteps by hand, ascending: for a spacing that takes them. What a model does not have is refused where it is known. */
const timesteps = z.array(z.int().min(0)).min(1, 'name at least one timestep').readonly().optional()

/** The noisiest timestep of a trajectory; the last one whose sigma is at most 160 when left out. */
export const endTimestep = whole(limits.timestep, 'endTimestep').optional()

/** The reversed ODE, x0 -> xT. `endTimestep` is the timestep encoded to. */
export const encodeSettings = z.object({
  solver: z.enum(solverIds).default('blended2m'),
  timestepSpacing: z.enum(timestepSpacingIds).default('karras'),
  steps: steps.default(50),
  timesteps,
  conditioningTimestep: z.enum(conditioningTimesteps).default('current'),
  endTimestep,
  loosen: z
    .object({ percent: real(limits.loosen, 'percent'), seed: whole(limits.seed, 'seed').default(0) })
    .optional(),
}) satisfies z.ZodType<EncodeSettings>

/**
 * The way back, xT -> x0. `eta` 0 is DDIM, 1 is DDPM (paper, eq. 16); `sigmaHat` takes the paper's larger noise of
 * appendix D.3. `seed` is that of the noise, which only eta > 0 or sigmaHat draw. `clip` clips the predicted x0.
 */
export const decodeSettings = z.object({
  solver: z.enum(solverIds).default('blended2m'),
  timestepSpacing: z.enum(timestepSpacingIds).default('karras'),
  steps: steps.default(50),
  timesteps,
  eta: eta.default(0),
  sigmaHat: z.boolean().default(false),
  seed: whole(limits.seed, 'seed').default(0),
  clip: z.boolean().default(false),
  guidance: real(limits.guidance, 'guidance').optional(),
}) satisfies z.ZodType<DecodeSettings>
