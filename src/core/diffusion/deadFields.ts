/** Names of classes for each field. */
type Classes = Readonly<Partial<Record<string, readonly string[]>>>

/**
 * The supported classes of diffusers 0.42 that have a field of `scheduler_config.json`, for fields that change the noise
 * levels, what the network is shown or what is made of its answer, and that not every class has.
 */
const classesWith: Classes = {
  rescale_betas_zero_snr: [
    'DDIMScheduler',
    'DDIMInverseScheduler',
    'DDIMParallelScheduler',
    'DDPMScheduler',
    'DDPMParallelScheduler',
    'DPMSolverMultistepScheduler',
    'EulerDiscreteScheduler',
    'EulerAncestralDiscreteScheduler',
    'LCMScheduler',
    'TCDScheduler',
    'UniPCMultistepScheduler',
  ],
  use_flow_sigmas: [
    'DEISMultistepScheduler',
    'DPMSolverMultistepScheduler',
    'DPMSolverMultistepInverseScheduler',
    'DPMSolverSinglestepScheduler',
    'SASolverScheduler',
    'UniPCMultistepScheduler',
  ],
  invert_sigmas: ['FlowMatchEulerDiscreteScheduler'],
  timestep_type: ['EulerDiscreteScheduler'],
  thresholding: [
    'DDIMScheduler',
    'DDIMParallelScheduler',
    'DDPMScheduler',
    'DDPMParallelScheduler',
    'DEISMultistepScheduler',
    'DPMSolverMultistepScheduler',
    'DPMSolverMultistepInverseScheduler',
    'DPMSolverSinglestepScheduler',
    'LCMScheduler',
    'SASolverScheduler',
    'TCDScheduler',
    'UniPCMultistepScheduler',
  ],
}

/** The same for fields that most classes have: those that lack them. */
const classesWithout: Classes = {
  prediction_type: ['FlowMatchEulerDiscreteScheduler', 'FlowMatchHeunDiscreteScheduler', 'RePaintScheduler'],
  trained_betas: ['FlowMatchEulerDiscreteScheduler', 'FlowMatchHeunDiscreteScheduler', 'UnCLIPScheduler'],
}

/**
 * Returns a parsed `scheduler_config.json` without fields that its class does not have. diffusers keeps them in the
 * file when one scheduler is made from the configuration of another, and ignores them.
 */
export function withoutDeadFields(config: unknown): unknown {
  const className = (config as { _class_name?: unknown } | null)?._class_name
  if (typeof className !== 'string') return config
  const name = plainClassName(className)
  return Object.fromEntries(Object.entries(config as object).filter(([field]) => !isDead(field, name)))
}

function isDead(field: string, className: string): boolean {
  return classesWith[field]?.includes(className) === false || !!classesWithout[field]?.includes(className)
}

/** Returns the class of the same fields in PyTorch: schedulers saved from JAX have another prefix. */
export function plainClassName(className: string): string {
  return className.replace(/^Flax/, '')
}
