import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import type { SolverId } from '#core/diffusion/solvers/registry'

/** A named pair of settings for users who do not want to choose each one. */
export interface Preset {
  readonly id: 'draft' | 'standard' | 'exact'
  readonly name: string
  /** Its purpose, in one sentence. */
  readonly purpose: string
  readonly encode: EncodeSettings
  readonly decode: DecodeSettings
  /** Mean PSNR in dB over 64 pictures outside the bundled model's training set: docs/results.md. */
  readonly expectedPsnr: number
}

function preset(
  id: Preset['id'],
  name: string,
  purpose: string,
  { solver, steps, expectedPsnr }: { solver: SolverId; steps: number; expectedPsnr: number },
): Preset {
  const solverSettings = { solver, timestepSpacing: 'karras', steps } as const
  return {
    id,
    name,
    purpose,
    expectedPsnr,
    encode: { ...solverSettings, conditioningTimestep: 'current' },
    decode: { ...solverSettings, eta: 0, sigmaHat: false, seed: 0, clip: false },
  }
}

/** Why Standard is the default, in two sentences. */
export const whyStandard =
  'At the same cost, its second-order solver reconstructs pictures with a small fraction of DDIM’s error, and its latents stay close to Gaussian noise, which mixing needs. At 50 steps the remaining difference is invisible; more steps mainly take longer.'

/** The presets, from quick to exact; `standard` is the default. */
export const presets: readonly Preset[] = [
  preset('draft', 'Draft', 'A quick look while you try things out.', {
    solver: 'blended2m',
    steps: 10,
    expectedPsnr: 34.9,
  }),
  preset('standard', 'Standard', 'Second order on Karras timesteps: accurate, and the default.', {
    solver: 'blended2m',
    steps: 50,
    expectedPsnr: 55.9,
  }),
  preset('exact', 'Exact', 'Leapfrog pairs: the reconstruction is exact to the last digit.', {
    solver: 'leapfrog',
    steps: 50,
    expectedPsnr: 126.4,
  }),
]

/** The default preset. */
export const standardPreset = presets.find(({ id }) => id === 'standard')!
