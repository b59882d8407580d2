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
}

/** The models that come with the program, and how accurate each preset is with them. */
export const bundledModels: readonly BundledModel[] = [
  {
    id: 'fruits-64',
    sha256: '8b0709051c8e53281f5d716c7c5b9b54f10995d0f855f69d2831a7a8731fb22b',
    scheduleHash: '2899dac1021bbf2db182537378f32c8f9f0d64b7c713c8e250cb1d434f30ff6d',
    isStraight: false,
    accuracy: { draft: 34.9, standard: 55.9, exact: 126.4 },
  },
  {
    id: 'fruits-96',
    sha256: '6e871e270b5a5181226ddba9d667673c80ff1d3616acc8d15d5c2af15ebb1734',
    scheduleHash: '2899dac1021bbf2db182537378f32c8f9f0d64b7c713c8e250cb1d434f30ff6d',
    isStraight: true,
    accuracy: { draft: 37.6, standard: 39.6, exact: 39.8 },
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
