import { createGaussian } from '#core/random/gaussian'
import type { Latent } from '#core/diffusion/latent'
import { createTensor, type Tensor } from '#core/diffusion/tensor'

/** A tensor of N(0, 1) values. */
export function drawTensor(seed: number, shape: readonly number[] = [1, 3, 16, 16]): Tensor {
  const tensor = createTensor(shape)
  createGaussian(seed).fill(tensor.data)
  return tensor
}

/** A latent of N(0, 1) values at timestep 999. */
export function drawLatent(seed: number, shape?: readonly number[]): Latent {
  return { x: drawTensor(seed, shape), timestep: 999 }
}

/** A latent of the given values, of shape [1, 1, 1, n]. */
export function latentOf(...values: number[]): Latent {
  return { x: createTensor([1, 1, 1, values.length], Float32Array.from(values)), timestep: 999 }
}
