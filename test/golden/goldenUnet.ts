import type { Placement } from '#shared/devices'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { readTensor } from '#engine/model/weights/safetensors'

/** Timesteps at which the outputs of the golden U-Nets were recorded. */
export const timesteps = [0, 1, 37, 500, 999]

/** What a golden folder holds besides its model: a batch of two, and the network's predictions for it. */
export interface GoldenUnet {
  readonly sample: Tensor
  readonly epsilons: ReadonlyMap<number, Tensor>
}

export async function readGolden(folder: string): Promise<GoldenUnet> {
  const read = async (name: string) => {
    const { data, shape } = await readTensor(`${folder}/io.safetensors`, name)
    return createTensor(shape, data)
  }
  const epsilons = new Map<number, Tensor>()
  for (const timestep of timesteps) epsilons.set(timestep, await read(`epsilon_t${timestep}`))
  return { sample: await read('sample'), epsilons }
}

/** max |a - b| */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0)
}

/** Not offered to users: the CPU computes it, but no faster. It shows the effect of the graph's rounding. */
export const inHalfPrecision: Placement = {
  asked: 'cpu',
  askedPrecision: 'fp16',
  provider: 'cpu',
  precision: 'fp16',
  device: null,
  parts: 1,
  reason: null,
}
