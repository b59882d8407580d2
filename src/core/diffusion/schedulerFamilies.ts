import { DomainError } from '../DomainError'
import { levelsOfBetas } from './betas'
import { plainClassName } from './deadFields'
import { flowMatching, type NoiseLevel } from './noiseLevel'
import { MalformedScheduler, type SchedulerConfig } from './schedulerConfig'

/** A family of diffusers' schedulers. */
export interface SchedulerFamily {
  /** Short name, for messages. */
  readonly name: string
  /** Values of `_class_name` in `scheduler_config.json`. */
  readonly classNames: readonly string[]
  /** Values of omitted fields, where they differ from those of DDIM. */
  readonly defaults: Partial<SchedulerConfig>
  /** Whether its samplers in diffusers know `clip_sample`; the others never clip, whatever the file says. */
  readonly clips: boolean
  /**
   * Returns the level of each training timestep.
   *
   * @throws DomainError  when the fields do not define a valid schedule
   */
  readonly levelsOf: (config: SchedulerConfig) => NoiseLevel[]
  /** Why pictures cannot be inverted to noise, as a clause; omitted if they can. */
  readonly noInverse?: string
}

/** Returns a family whose networks were trained on the variance preserving levels of a list of betas. */
function betaFamily(
  name: string,
  classNames: readonly string[],
  defaults: Partial<SchedulerConfig> = {},
): SchedulerFamily {
  return { name, classNames, defaults, clips: true, levelsOf: levelsOfBetas }
}

/** Returns a family like {@link betaFamily} of samplers that never clip the predicted x0. */
function unclippedFamily(...family: Parameters<typeof betaFamily>): SchedulerFamily {
  return { ...betaFamily(...family), clips: false }
}

/** The betas of latent diffusion models, which are the defaults of some samplers. */
const latentDiffusionBetas = { beta_start: 0.00085, beta_end: 0.012 } as const

/**
 * Flow matching (Lipman et al. 2023): timestep t - 1 has noise t / T, and the network is shown t. The file's
 * `shift` determines which timesteps its sampler visits, not their noise levels.
 */
const flowMatchingFamily: SchedulerFamily = {
  name: 'flow matching',
  classNames: ['FlowMatchEulerDiscreteScheduler', 'FlowMatchHeunDiscreteScheduler'],
  defaults: { prediction_type: 'flow_prediction' },
  clips: false,
  levelsOf: ({ num_train_timesteps: count }) =>
    Array.from({ length: count }, (_, t) => flowMatching((t + 1) / count)),
}

/** The supported families, with the defaults of diffusers 0.42. The first is for files that name no class. */
export const schedulerFamilies: readonly SchedulerFamily[] = [
  betaFamily('DDIM', ['DDIMScheduler', 'DDIMInverseScheduler', 'DDIMParallelScheduler']),
  betaFamily('DDPM', ['DDPMScheduler', 'DDPMParallelScheduler', 'RePaintScheduler']),
  unclippedFamily('PNDM', ['PNDMScheduler'], { set_alpha_to_one: false }),
  unclippedFamily('Euler', ['EulerDiscreteScheduler', 'EulerAncestralDiscreteScheduler']),
  unclippedFamily('LMS', ['LMSDiscreteScheduler']),
  betaFamily('Heun', ['HeunDiscreteScheduler'], { ...latentDiffusionBetas, clip_sample: false }),
  unclippedFamily(
    'KDPM2',
    ['KDPM2DiscreteScheduler', 'KDPM2AncestralDiscreteScheduler'],
    latentDiffusionBetas,
  ),
  unclippedFamily('DPM-Solver', ['DPMSolverMultistepScheduler', 'DPMSolverSinglestepScheduler']),
  // Its first state is that of timestep 0, although no field says so.
  unclippedFamily('DPM-Solver inverse', ['DPMSolverMultistepInverseScheduler'], { set_alpha_to_one: false }),
  unclippedFamily('DPM-Solver SDE', ['DPMSolverSDEScheduler'], latentDiffusionBetas),
  unclippedFamily('UniPC', ['UniPCMultistepScheduler']),
  unclippedFamily('DEIS', ['DEISMultistepScheduler']),
  unclippedFamily('SA-Solver', ['SASolverScheduler']),
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
 * Returns the family of a parsed `scheduler_config.json`, by its `_class_name`, from which fields that the class
 * does not have were removed.
 *
 * @throws MalformedScheduler  when `_class_name` is not a string
 * @throws DomainError  for a class whose noise levels are unknown, naming it
 */
export function schedulerFamilyOf(config: unknown): SchedulerFamily {
  const fields = config as { _class_name?: unknown; use_flow_sigmas?: unknown } | null
  const className = fields?._class_name ?? null
  if (className === null) return schedulerFamilies[0]
  if (typeof className !== 'string')
    throw new MalformedScheduler("The scheduler's _class_name is not a name.")
  const plainName = plainClassName(className)
  if (plainName === 'CMStochasticIterativeScheduler') {
    throw new DomainError(
      `The scheduler class ${className} is not supported: consistency models jump from noise to picture, and have no inverse that could be trusted.`,
    )
  }
  const family = schedulerFamilies.find(({ classNames }) => classNames.includes(plainName))
  // Some samplers accept networks of both kinds.
  if (family) return fields?.use_flow_sigmas === true ? flowMatchingFamily : family
  const names = schedulerFamilies.map(({ name }) => name).join(', ')
  throw new DomainError(
    `The scheduler class ${className} is not supported: choose a model with a scheduler of these families: ${names}.`,
  )
}
