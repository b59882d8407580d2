import type { Latent } from '#core/diffusion/latent'
import { createTensor } from '#core/diffusion/tensor'
import type { LatentReport } from '#shared/reports'

/** A latent of shape [1, 2, 2, 3] whose values identify their positions. */
export function sampleLatent(): Latent {
  return {
    x: createTensor(
      [1, 2, 2, 3],
      Float32Array.from({ length: 12 }, (_, i) => i / 8 - 0.5),
    ),
    timestep: 999,
  }
}

export function samplePair(): Latent {
  const previousState = createTensor(
    [1, 2, 2, 3],
    Float32Array.from({ length: 12 }, (_, i) => -i),
  )
  return { ...sampleLatent(), previousState: { x: previousState, timestep: 979 } }
}

export const sampleReport: LatentReport = {
  modelId: 'fruits-64',
  modelSha256: 'a1'.repeat(32),
  scheduleHash: 'b2'.repeat(32),
  endTimestep: 999,
  encode: { solver: '2m', timestepSpacing: 'logSnr', steps: 50, conditioningTimestep: 'current' },
  source: { name: 'Äpfel "rot".png', sha256: 'c3'.repeat(32) },
  seed: null,
  mixedFrom: null,
  class: null,
  prompts: null,
  fidelity: { mse: 1e-5, psnr: 50, ssim: 0.99 },
  fidelityParts: {
    autoencoder: { mse: 4e-6, psnr: 54, ssim: 0.995 },
    inversion: { mse: 6e-6, psnr: 52, ssim: 0.993 },
  },
  forecast: { mse: 2e-5, enoughSteps: null },
  encodeWarning: null,
  health: { mean: 0.01, std: 1.01, normRatio: 1.01, kurtosis: -0.1, neighbourCorrelation: 0.02 },
  channels: [
    { mean: 0.02, std: 1.02 },
    { mean: 0, std: 1 },
  ],
  stateStd: 1.02,
  advice: { level: 'good', sentence: 'Latent looks healthy: it will blend well.', isNoise: true },
  healthBefore: null,
  compute: {
    asked: 'auto',
    provider: 'webgpu',
    device: 'A graphics card',
    parts: 2,
    reason: 'CUDA is not installed.',
    askedPrecision: 'tf32',
    precision: 'fp16',
    runtime: 'onnxruntime 1.29.0',
    threads: 2,
  },
  evaluations: 51,
  seconds: 1.5,
}
