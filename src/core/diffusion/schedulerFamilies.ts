import { levelsOfBetas } from './betas'
import { flowMatching, type NoiseLevel } from './noiseLevel'
import type { SchedulerConfig } from './schedulerConfig'

/** What is known of a kind of diffusers' schedulers. */
export interface SchedulerFamily {
  /** Short name, for messages. */
  readonly name: string
  /** Values of `_class_name` in `scheduler_config.json`. */
  readonly classNames: readonly string[]
  /** What fields left out of the file mean, where that is not what they mean to DDIM. */
  readonly defaults: Partial<SchedulerConfig>
  /**
   * The level of each training timestep.
   *
   * @throws RangeError  where the fields make no schedule
   */
  readonly levelsOf: (config: SchedulerConfig) => NoiseLevel[]
  /** Why pictures cannot be followed back to their noise, as a clause; left out where they can. */
  readonly noInverse?: string
}

/** A family whose networks were trained on the variance preserving levels of a list of betas. */
function betaFamily(
  name: string,
  classNames: readonly string[],
  defaults: Partial<SchedulerConfig> = {},
): SchedulerFamily {
  return { name, classNames, defaults, levelsOf: levelsOfBetas }
}

/** The betas of latent diffusion models, which some samplers have for defaults. */
const latentDiffusionBetas = { beta_start: 0.00085, beta_end: 0.012 } as const

/**
 * Flow matching (Lipman et al. 2023): timestep t - 1 holds the noise t / T, of which networks are shown t. The `shift` of such a
 * file says which of them its sampler visits, and nothing of what they hold.
 */
const flowMatchingFamily: SchedulerFamily = {
  name: 'flow matching',
  classNames: ['FlowMatchEulerDiscreteScheduler', 'FlowMatchHeunDiscreteScheduler'],
  defaults: { prediction_type: 'flow_prediction', clip_sample: false },
  levelsOf: ({ num_train_timesteps: count }) =>
    Array.from({ length: count }, (_, t) => flowMatching((t + 1) / count)),
}

/** The families that are supported, with the defaults that diffusers 0.40 gives them. The first stands for files that name no class. */
export const schedulerFamilies: readonly SchedulerFamily[] = [
  betaFamily('DDIM', ['DDIMScheduler', 'DDIMInverseScheduler', 'DDIMParallelScheduler']),
  betaFamily('DDPM', ['DDPMScheduler', 'DDPMParallelScheduler', 'RePaintScheduler']),
  betaFamily('PNDM', ['PNDMScheduler'], { set_alpha_to_one: false }),
  betaFamily('Euler', ['EulerDiscreteScheduler', 'EulerAncestralDiscreteScheduler']),
  betaFamily('LMS', ['LMSDiscreteScheduler']),
  betaFamily('Heun', ['HeunDiscreteScheduler'], { ...latentDiffusionBetas, clip_sample: false }),
  betaFamily('KDPM2', ['KDPM2DiscreteScheduler', 'KDPM2AncestralDiscreteScheduler'], latentDiffusionBetas),
  betaFamily('DPM-Solver', ['DPMSolverMultistepScheduler', 'DPMSolverSinglestepScheduler']),
  // Its first state is that of timestep 0, with no field that says so.
  betaFamily('DPM-Solver inverse', ['DPMSolverMultistepInverseScheduler'], { set_alpha_to_one: false }),
  betaFamily('DPM-Solver SDE', ['DPMSolverSDEScheduler'], latentDiffusionBetas),
  betaFamily('UniPC', ['UniPCMultistepScheduler']),
  betaFamily('DEIS', ['DEISMultistepScheduler']),
  betaFamily('SA-Solver', ['SASolverScheduler']),
  {
    ...betaFamily('LCM and TCD', ['LCMScheduler', 'TCDScheduler'], {
      ...latentDiffusionBetas,
      beta_schedule: 'scaled_linear',
      clip_sample: false,
    }),
    noInverse:
      'it was distilled to jump from noise to picture in a few steps (LCM), and does not follow the ODE that leads back',
  },
  betaFamily('UnCLIP', ['UnCLIPScheduler'], { beta_schedule: 'squaredcos_cap_v2' }),
  flowMatchingFamily,
]

/**
 * The family of a parsed `scheduler_config.json`, by its `_class_name`.
 *
 * @throws TypeError  when `_class_name` is no text
 * @throws RangeError  for a class whose noise levels are not known, naming it
 */
export function schedulerFamilyOf(config: unknown): SchedulerFamily {
  const fields = config as { _class_name?: unknown; use_flow_sigmas?: unknown } | null
  const className = fields?._class_name ?? null
  if (className === null) return schedulerFamilies[0]
  if (typeof className !== 'string') throw new TypeError("The scheduler's _class_name is not a name.")
  // Some samplers take networks of both kinds.
  if (fields?.use_flow_sigmas === true) return flowMatchingFamily
  // Those that were saved from JAX have the same fields.
  const plainName = className.replace(/^Flax/, '')
  if (plainName === 'CMStochasticIterativeScheduler') {
    throw new RangeError(
      `The scheduler class ${className} is not supported: consistency models jump from noise to picture, and have no inverse that could be trusted.`,
    )
  }
  const family = schedulerFamilies.find(({ classNames }) => classNames.includes(plainName))
  if (family) return family
  const names = schedulerFamilies.map(({ name }) => name).join(', ')
  throw new RangeError(
    `The scheduler class ${className} is not supported: choose a model with a scheduler of these families: ${names}.`,
  )
}
