import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import type { SolverId } from '#core/diffusion/solvers/registry'

/** A named pair of settings for people who do not want to choose each. */
export interface Preset {
  readonly id: 'draft' | 'standard' | 'accurate' | 'exact'
  readonly name: string
  /** What it is for, in one sentence. */
  readonly purpose: string
  readonly encode: EncodeSettings
  readonly decode: DecodeSettings
  /** Mean PSNR in dB of pictures the bundled model has not seen, there and back, over 32 of them. */
  readonly expectedPsnr: number
}

function preset(
  id: Preset['id'],
  name: string,
  purpose: string,
  { solver, steps, expectedPsnr }: { solver: SolverId; steps: number; expectedPsnr: number },
): Preset {
  const rule = { solver, timestepSpacing: 'karras', steps } as const
  return {
    id,
    name,
    purpose,
    expectedPsnr,
    encode: { ...rule, conditioningTimestep: 'current' },
    decode: { ...rule, eta: 0, sigmaHat: false, seed: 0, clip: false },
  }
}

/** Why Standard is the default, in two sentences. */
export const whyStandard =
  'At the same price, its second-order rule brings pictures back with a small part of DDIM’s error, and its latents stay close to Gaussian noise, which mixing needs. What still differs at 50 steps each way, eyes do not see; more of them mostly cost time.'

/** Ways to work, from quick to exact; `standard` is what everything starts from. */
export const presets: readonly Preset[] = [
  preset('draft', 'Draft', 'A first look while you move things.', {
    solver: '2m',
    steps: 10,
    expectedPsnr: 32.3,
  }),
  preset('standard', 'Standard', 'Second order on Karras timesteps: faithful, and the default.', {
    solver: '2m',
    steps: 50,
    expectedPsnr: 54,
  }),
  preset('accurate', 'Accurate', 'Heun’s method, at twice the price: for the final export.', {
    solver: 'heun',
    steps: 50,
    expectedPsnr: 57.4,
  }),
  preset('exact', 'Exact', 'Leapfrog pairs: the picture comes back to the last digit.', {
    solver: 'leapfrog',
    steps: 50,
    expectedPsnr: 126.2,
  }),
]
