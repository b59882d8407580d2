import { measureFidelity } from '#core/diffusion/fidelity'
import { createGaussian } from '#core/diffusion/gaussian'
import { decode } from '#core/diffusion/inversion'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { runSolver } from '#engine/latent/runSolver'
import type { Model } from '#engine/model/denoiser/model'
import { openModel } from '#engine/model/denoiser/openModel'
import { printTable } from './measure'
import { bundledModel, threads } from './subjects'

const draws = 4
const settings = {
  solver: '2m',
  timestepSpacing: 'logSnr',
  steps: 20,
  eta: 0,
  sigmaHat: false,
  seed: 0,
  clip: false,
} as const

/** Changes one property of Gaussian draws at a time: the source of the limits in core/diffusion/latentAdvice.ts. */
export async function benchHealthLimits(): Promise<void> {
  const model = await openModel({ path: bundledModel, threads })
  const base = createTensor([draws, ...model.space.stateShape])
  createGaussian(0).fill(base.data)
  const expected = await decodeAll(model, base)
  const rows = [['changed', 'mean', 'std', 'kurtosis', 'neighbours', 'rms change of the pictures, %']]
  for (const [name, x] of variants(base)) {
    const { mean, std, kurtosis, neighbourCorrelation } = measureLatentStatistics(x)
    const { mse } = measureFidelity(expected, await decodeAll(model, x))
    const figures = [mean, std, kurtosis, neighbourCorrelation].map((value) => value.toFixed(3))
    rows.push([name, ...figures, (100 * Math.sqrt(mse)).toFixed(1)])
  }
  await model.close()
  printTable('Latent health: one trait changed, four draws decoded', rows)
}

async function decodeAll(model: Model, x: Tensor): Promise<Tensor> {
  const predictEpsilon = model.denoiser.predictor()
  const { schedule, info } = model
  const latent = { x, timestep: info.numTrainTimesteps - 1 }
  return (await runSolver(decode(latent, { schedule, settings, predictEpsilon }), () => undefined)).result
}

function variants(base: Tensor): [name: string, x: Tensor][] {
  const shaped = (change: (value: number) => number) => standardised({ ...base, data: base.data.map(change) })
  const scaled = (change: (value: number) => number) => ({ ...base, data: base.data.map(change) })
  return [
    ...[-0.02, 0.02].map((by) => [`mean ${by}`, scaled((value) => value + by)] as [string, Tensor]),
    ...[0.85, 0.94, 0.97, 1.01, 1.03].map(
      (by) => [`std x ${by}`, scaled((value) => value * by)] as [string, Tensor],
    ),
    ...[1.5, 2.5].map(
      (at) => [`tails in, ${at}`, shaped((value) => Math.tanh(value / at))] as [string, Tensor],
    ),
    ...[0.02, 0.05, 0.15].map(
      (by) => [`tails out, ${by}`, shaped((value) => value + by * value ** 3)] as [string, Tensor],
    ),
    ...[-0.1, -0.025, 0.025, 0.05, 0.1].map(
      (by) => [`neighbours x ${by}`, standardised(withNeighbours(base, by))] as [string, Tensor],
    ),
  ]
}

/** Adds a share of its four neighbours to each value; the picture wraps around. */
function withNeighbours(base: Tensor, share: number): Tensor {
  const [, , height, width] = base.shape
  const size = height * width
  const data = base.data.map((value, i) => {
    const [plane, x, y] = [i - (i % size), i % width, Math.floor((i % size) / width)]
    const at = (right: number, down: number) =>
      base.data[plane + ((y + down + height) % height) * width + ((x + right + width) % width)]
    return value + share * (at(1, 0) + at(-1, 0) + at(0, 1) + at(0, -1))
  })
  return { ...base, data }
}

function standardised(x: Tensor): Tensor {
  const { std } = measureLatentStatistics(x)
  return { ...x, data: x.data.map((value) => value / std) }
}
