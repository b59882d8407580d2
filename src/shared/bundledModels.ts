import type { PresetId } from './presets'

/**
 * Mean PSNR in dB of reconstructions by each preset, over pictures outside a bundled model's training set, by
 * the SHA-256 of the model: docs/results.md, and docs/results-latent.md with the autoencoder's own error.
 */
const accuracies: Readonly<Record<string, Readonly<Record<PresetId, number>>>> = {
  // fruits-64
  '8b0709051c8e53281f5d716c7c5b9b54f10995d0f855f69d2831a7a8731fb22b': {
    draft: 34.9,
    standard: 55.9,
    exact: 126.4,
  },
}

/** Returns how accurate each preset is with a bundled model; null for any other model. */
export function accuracyOf(sha256: string): Readonly<Record<PresetId, number>> | null {
  return accuracies[sha256] ?? null
}
