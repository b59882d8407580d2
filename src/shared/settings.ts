/** Settings for encoding pictures and decoding latents. */
import { z } from 'zod'
import { conditioningTimesteps } from '#core/diffusion/path'
import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import { solverIds } from '#core/diffusion/solvers/registry'
import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { limits, real, whole } from './limits'

/** Steps of a trajectory, each way; the model's number of training timesteps is checked once known. */
export const steps = whole(limits.steps, 'steps')

/** Randomness of decoding: 0 is DDIM, 1 is DDPM (paper, eq. 16). */
export const eta = real(limits.eta, 'eta')

/** Explicit timesteps, ascending, for a spacing that takes them; checked once the model is known. */
const timesteps = z.array(z.int().min(0)).min(1, 'name at least one timestep').readonly().optional()

/**
 * The noisiest timestep of a trajectory. Defaults to the spacing's own end; where that is free, it is the
 * last timestep whose sigma is at most 160.
 */
export const endTimestep = whole(limits.timestep, 'endTimestep').optional()

/** The reversed ODE, x0 -> xT. `endTimestep` is the timestep that is encoded to. */
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
 * The way back, xT -> x0. `eta` 0 is DDIM, 1 is DDPM (paper, eq. 16); `sigmaHat` selects the paper's larger
 * noise of appendix D.3. `seed` is for the noise, which is drawn only with eta > 0 or sigmaHat. `clip` clips
 * the predicted x0.
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
