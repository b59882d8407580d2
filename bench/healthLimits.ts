import { resolve } from 'node:path'
import { measureFidelity } from '#core/diffusion/fidelity'
import { createGaussian } from '#core/random/gaussian'
import { decode } from '#core/diffusion/inversion'
import { measureLatentStatistics, type LatentStatistics } from '#core/diffusion/latentStatistics'
import type { DecodeSettings } from '#core/diffusion/settings'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { Job } from '#engine/job/Job'
import { createLatentCache } from '#engine/latent/latentCache'
import { resolveLatent } from '#engine/latent/resolveLatent'
import { runSolver } from '#engine/latent/runSolver'
import { openModel } from '#engine/model/denoiser/openModel'
import { bundledModels, presetKindOf } from '#shared/bundledModels'
import { latentSource } from '#shared/latentSource'
import { presetFor } from '#shared/presets'
import { picturesOf } from './heldOut'
import { printTable } from './measure'
import { quietContext, threads } from './subjects'

const draws = 4
const heldOut = 64

/**
 * The source of the limits in shared/bundledModels.ts. For each bundled model and its Standard preset, changes one
 * statistic of Gaussian draws at a time and decodes them; then shows where the latents of pictures lie, and what
 * is said of them. `BENCH_PICTURES` names a folder or zip archive of held-out pictures; by default they are the
 * samples.
 */
export async function benchHealthLimits(): Promise<void> {
  for (const { id } of bundledModels) {
    const model = await openModel({ path: resolve('resources/models', id), threads })
    const job = new Job({ model, context: quietContext, priority: 'encode' })
    await measureChanges(job)
    await showPictures(job)
    await model.close()
  }
}

async function measureChanges(job: Job): Promise<void> {
  const { info, space } = job.model
  const { decode: settings } = presetFor(presetKindOf(info), 'standard')
  const base = createTensor([draws, ...space.stateShape])
  createGaussian(0).fill(base.data)
  const expected = await decodeAll(job, base, settings)
  const rows = [['changed', 'mean', 'std', 'kurtosis', 'neighbours', 'rms change of the pictures, %']]
  for (const [name, x] of variants(base)) {
    const { mse } = measureFidelity(expected, await decodeAll(job, x, settings))
    rows.push([name, ...inDigits(measureLatentStatistics(x)), (100 * Math.sqrt(mse)).toFixed(1)])
  }
  printTable(`Latent health, ${info.id}: one statistic changed, ${draws} draws decoded`, rows)
}

async function decodeAll(job: Job, x: Tensor, settings: DecodeSettings): Promise<Tensor> {
  const latent = { x, timestep: job.model.info.defaultEndTimestep }
  const { result } = await runSolver(decode(latent, { ...job.trajectory(), settings }), () => undefined)
  return job.decodeStates(result)
}

/** Shows the quantiles of each statistic over the latents of pictures, and counts what is said of them. */
async function showPictures(job: Job): Promise<void> {
  const { info } = job.model
  const { encode } = presetFor(presetKindOf(info), 'standard')
  const paths = await picturesOf(info.id, heldOut)
  const found: LatentStatistics[] = []
  const levels = new Map<string | null, number>()
  const cache = createLatentCache()
  for (const path of paths) {
    const source = latentSource.parse({ kind: 'picture', picture: { path }, encode })
    const { health, advice } = (await resolveLatent(cache, job, source, null)).report
    found.push(health)
    levels.set(advice.level, (levels.get(advice.level) ?? 0) + 1)
  }
  const at = (share: number) =>
    inDigits(
      Object.fromEntries(
        Object.keys(found[0]).map((key) => {
          const sorted = found.map((health) => health[key as keyof LatentStatistics]).sort((a, b) => a - b)
          return [key, sorted[Math.round(share * (sorted.length - 1))]]
        }),
      ) as unknown as LatentStatistics,
    )
  printTable(`Latent health, ${info.id}: the latents of ${paths.length} pictures`, [
    ['quantile', 'mean', 'std', 'kurtosis', 'neighbours'],
    ...[0, 0.1, 0.5, 0.9, 1].map((share) => [String(share), ...at(share)]),
  ])
  console.log(`  ${[...levels].map(([level, count]) => `${count} ${level ?? 'not judged'}`).join(', ')}`)
}

function inDigits({ mean, std, kurtosis, neighbourCorrelation }: LatentStatistics): string[] {
  return [mean, std, kurtosis, neighbourCorrelation].map((value) => value.toFixed(3))
}

function variants(base: Tensor): [name: string, x: Tensor][] {
  const mapped = (change: (value: number) => number) => ({ ...base, data: base.data.map(change) })
  const shaped = (change: (value: number) => number) => standardised(mapped(change))
  const each = (
    amounts: readonly number[],
    name: string,
    change: (by: number) => Tensor,
  ): [string, Tensor][] => amounts.map((by) => [`${name} ${by}`, change(by)])
  return [
    ...each([-0.3, -0.1, -0.03, 0.03, 0.1, 0.3], 'mean', (by) => mapped((value) => value + by)),
    ...each(
      [0.4, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.01, 1.03, 1.05, 1.1, 1.2, 1.3, 1.5],
      'std x',
      (by) => mapped((value) => value * by),
    ),
    ...each([0.5, 1, 1.5, 2.5], 'tails in,', (at) => shaped((value) => Math.tanh(value / at))),
    ...each([0.02, 0.05, 0.15, 1], 'tails out,', (by) => shaped((value) => value + by * value ** 3)),
    ...each([-0.2, -0.1, -0.05, -0.025, 0.025, 0.05, 0.1, 0.2], 'neighbours x', (by) =>
      standardised(withNeighbours(base, by)),
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
