import type { SolverSettings } from '#core/diffusion/settings'
import type { LabStudy } from '#shared/lab'
import type { LatentStatistics } from '#core/diffusion/latentStatistics'
import { measureFidelity, measureFidelityParts } from '#core/diffusion/fidelity'
import { decode, encode } from '#core/diffusion/inversion'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { concatenate, itemOf, type Tensor } from '#core/diffusion/tensor'
import type { Job } from '../job/Job'
import { type Condition, stackConditions } from '../model/network/condition'
import { runSolver } from '../latent/runSolver'

/** One picture measured in one cell. PSNR is omitted because it follows from the MSE. */
export interface Measurement extends LatentStatistics {
  readonly evaluations: number
  readonly mse: number
  readonly ssim: number
  /** Only in latent diffusion: the autoencoded picture compared with the picture. */
  readonly autoencoderMse?: number
  /** Only in latent diffusion: the reconstruction compared with the autoencoded picture. */
  readonly inversionMse?: number
}

/** The part of a job that measuring needs. */
export type MeasuringJob = Pick<Job, 'trajectory' | 'encodePictures' | 'decodeStates' | 'autoencode'>

/** What all cells of a study share; at most `batch` pictures go through the network at once. */
export type SharedSettings = Pick<LabStudy, 'batch'> &
  Partial<Pick<LabStudy, 'endTimestep' | 'clip'>> & {
    /** The condition of each picture; omitted for unconditional networks. */
    readonly conditions?: readonly Condition[]
  }

export interface CellResult {
  /** In the order of the pictures. */
  readonly measurements: readonly Measurement[]
  readonly fallbacks: number
}

/**
 * Encodes pictures, decodes them again with the same settings, and measures both directions.
 *
 * @param pictures  each [1, C, H, W] on [-1, 1]
 */
export async function measureCell(
  settings: SolverSettings,
  pictures: readonly Tensor[],
  shared: SharedSettings,
  job: MeasuringJob,
): Promise<CellResult> {
  const results: CellResult[] = []
  for (const group of splitEvenly([...pictures.keys()], shared.batch)) {
    const batch = { pictures, group }
    results.push(await measureBatch(settings, batch, shared, job))
  }
  return {
    measurements: results.flatMap(({ measurements }) => measurements),
    fallbacks: results.reduce((sum, { fallbacks }) => sum + fallbacks, 0),
  }
}

/**
 * Splits items into groups of at most `largest`, as even as possible, so that there are only two sizes: a
 * runtime session is created for each size.
 */
export function splitEvenly<Item>(items: readonly Item[], largest: number): Item[][] {
  const count = Math.ceil(items.length / largest)
  const boundary = (group: number) => Math.floor((group * items.length) / count)
  return Array.from({ length: count }, (_, group) => items.slice(boundary(group), boundary(group + 1)))
}

/** @param group  indices of the pictures in this batch */
async function measureBatch(
  { solver, timestepSpacing, steps, eta }: SolverSettings,
  { pictures: all, group }: { pictures: readonly Tensor[]; group: readonly number[] },
  { endTimestep, clip = false, conditions }: SharedSettings,
  job: MeasuringJob,
): Promise<CellResult> {
  const condition = conditions && stackConditions(group.map((index) => conditions[index]))
  const pictures = group.map((index) => all[index])
  const settings = { solver, timestepSpacing, steps }
  let fallbacks = 0
  const batch = concatenate(pictures)
  const x0 = await job.encodePictures(batch)
  const there = await runSolver(
    encode(x0, {
      ...job.trajectory(condition),
      settings: { ...settings, conditioningTimestep: 'current', endTimestep },
    }),
    (step) => void (fallbacks = step.fallbacks),
  )
  const back = await runSolver(
    decode(there.result, {
      ...job.trajectory(condition),
      settings: { ...settings, eta, sigmaHat: false, seed: 0, clip },
      noiseItems: group,
    }),
    () => undefined,
  )
  const reconstructions = await job.decodeStates(back.result)
  const autoencoded = await job.autoencode(batch)
  const measurements = pictures.map((picture, i) => {
    const reconstruction = itemOf(reconstructions, i)
    const { mse, ssim } = measureFidelity(picture, reconstruction)
    const parts = autoencoded && measureFidelityParts(picture, itemOf(autoencoded, i), reconstruction)
    const evaluations = there.evaluations + back.evaluations
    return {
      evaluations,
      mse,
      ssim,
      ...(parts && { autoencoderMse: parts.autoencoder.mse, inversionMse: parts.inversion.mse }),
      ...measureLatentStatistics(itemOf(there.result.x, i)),
    }
  })
  return { measurements, fallbacks }
}
