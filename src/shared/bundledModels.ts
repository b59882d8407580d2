import type { HealthLimits } from '#core/diffusion/latentAdvice'
import type { PresetId, PresetKind } from './presets'
import type { ModelInfo } from './reports'

/** What identifies a model as it is read: its files, and what is made from its scheduler. */
type ModelIdentity = Pick<ModelInfo, 'sha256' | 'scheduleHash'>

interface BundledModel extends ModelIdentity {
  readonly id: string
  /** Whether its training has straightened the paths between pictures and latents: then few steps follow them. */
  readonly isStraight: boolean
  /**
   * Mean PSNR in dB of reconstructions by each preset, over pictures outside the training set: docs/results.md,
   * and docs/results-latent.md, which includes the autoencoder's own error.
   */
  readonly accuracy: Readonly<Record<PresetId, number>>
  /**
   * Up to where the statistics of its latents are good and fair: `npm run bench health`, which changes one of them in
   * Gaussian draws and decodes these by Standard. Up to `good` the pictures change by about 5 % of their range (root
   * mean square), up to `fair` by about 20 %, or else it is the farthest that was tried. The values are rounded. The
   * limits of the mean are wider than that: within them, pictures change more.
   */
  readonly healthLimits: HealthLimits
}

/** The models that come with the program, and how accurate each preset is with them. */
export const bundledModels: readonly BundledModel[] = [
  {
    id: 'fruits-64',
    sha256: '8b0709051c8e53281f5d716c7c5b9b54f10995d0f855f69d2831a7a8731fb22b',
    scheduleHash: '2899dac1021bbf2db182537378f32c8f9f0d64b7c713c8e250cb1d434f30ff6d',
    isStraight: false,
    accuracy: { draft: 34.9, standard: 55.9, exact: 126.4 },
    // Measured at 20 steps, where it costs less.
    healthLimits: {
      mean: { good: [-0.01, 0.01], fair: [-0.03, 0.03] },
      std: { good: [0.85, 1.15], fair: [0.7, 1.2] },
      kurtosis: { good: [-1, 1.5], fair: [-1.4, 5] },
      neighbourCorrelation: { good: [-0.07, 0.15], fair: [-0.25, 0.5] },
    },
  },
  {
    id: 'fruits-96',
    sha256: '6e871e270b5a5181226ddba9d667673c80ff1d3616acc8d15d5c2af15ebb1734',
    scheduleHash: '2899dac1021bbf2db182537378f32c8f9f0d64b7c713c8e250cb1d434f30ff6d',
    isStraight: true,
    accuracy: { draft: 37.6, standard: 39.0, exact: 39.8 },
    healthLimits: {
      mean: { good: [-0.03, 0.03], fair: [-0.1, 0.1] },
      std: { good: [0.85, 1.2], fair: [0.4, 1.5] },
      kurtosis: { good: [-1, 3], fair: [-1.5, 8] },
      neighbourCorrelation: { good: [-0.1, 0.2], fair: [-0.4, 0.5] },
    },
  },
]

/** Returns what is known of a bundled model, unchanged and read as it should be; undefined for any other. */
export function bundledModelOf({ sha256, scheduleHash }: ModelIdentity): BundledModel | undefined {
  return bundledModels.find((model) => model.sha256 === sha256 && model.scheduleHash === scheduleHash)
}

/** Returns what decides how many steps a model needs. No file of a model states whether its paths are straight. */
export function presetKindOf(model: ModelIdentity & Pick<ModelInfo, 'autoencoder'>): PresetKind {
  if (model.autoencoder === null) return 'pixels'
  return bundledModelOf(model)?.isStraight ? 'straightCodes' : 'codes'
}
