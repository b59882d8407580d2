import type { SolverSettings } from '#core/diffusion/settings'
import type { LabStudy } from '#shared/lab'
import type { LatentStatistics } from '#shared/reports'
import { measureFidelity } from '#core/diffusion/fidelity'
import { decode, encode } from '#core/diffusion/inversion'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { concatenate, itemOf, type Tensor } from '#core/diffusion/tensor'
import { runSolver } from '../latent/runSolver'

/** One picture under one rule. PSNR is not among the figures: it is the MSE in other words. */
export interface Measurement extends LatentStatistics {
  readonly evaluations: number
  readonly mse: number
  readonly ssim: number
}

/** The network that rules are measured on, and the settings that all cells of a study share. */
export interface Network extends Partial<Pick<LabStudy, 'endTimestep' | 'clip'>> {
  readonly schedule: NoiseSchedule
  readonly predictEpsilon: PredictEpsilon
}

export interface CellResult {
  /** In the order of the pictures. */
  readonly measurements: readonly Measurement[]
  readonly fallbacks: number
}

/**
 * Encodes pictures by a rule, decodes them back by the same one, and measures both ways.
 *
 * @param pictures  each [1, C, H, W] on [-1, 1]
 * @param batch  how many go through the network at once, at most
 */
export async function measureCell(
  rule: SolverSettings,
  pictures: readonly Tensor[],
  batch: number,
  network: Network,
): Promise<CellResult> {
  const results: CellResult[] = []
  for (const group of splitEvenly([...pictures.keys()], batch)) {
    results.push(await measureBatch(rule, pictures, group, network))
  }
  return {
    measurements: results.flatMap(({ measurements }) => measurements),
    fallbacks: results.reduce((sum, { fallbacks }) => sum + fallbacks, 0),
  }
}

/**
 * Splits items into groups of at most `largest`, as even as possible, so that there are only two sizes: a runtime
 * session is made for one.
 */
export function splitEvenly<Item>(items: readonly Item[], largest: number): Item[][] {
  const count = Math.ceil(items.length / largest)
  const boundary = (group: number) => Math.floor((group * items.length) / count)
  return Array.from({ length: count }, (_, group) => items.slice(boundary(group), boundary(group + 1)))
}

/** @param group  which of the pictures */
async function measureBatch(
  { solver, timestepSpacing, steps, eta }: SolverSettings,
  all: readonly Tensor[],
  group: readonly number[],
  { endTimestep, clip = false, ...network }: Network,
): Promise<CellResult> {
  const pictures = group.map((index) => all[index])
  const rule = { solver, timestepSpacing, steps }
  let fallbacks = 0
  const there = await runSolver(
    encode(concatenate(pictures), {
      ...network,
      settings: { ...rule, conditioningTimestep: 'current', endTimestep },
    }),
    (step) => void (fallbacks = step.fallbacks),
  )
  const back = await runSolver(
    decode(there.result, {
      ...network,
      settings: { ...rule, eta, sigmaHat: false, seed: 0, clip },
      noiseItems: group,
    }),
    () => undefined,
  )
  const measurements = pictures.map((picture, i) => {
    const { mse, ssim } = measureFidelity(picture, itemOf(back.result, i))
    const evaluations = there.evaluations + back.evaluations
    return { evaluations, mse, ssim, ...measureLatentStatistics(itemOf(there.result.x, i)) }
  })
  return { measurements, fallbacks }
}
