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

/** One picture under one cell. PSNR is not among the figures: it is the MSE in other words. */
export interface Measurement extends LatentStatistics {
  readonly evaluations: number
  readonly mse: number
  readonly ssim: number
  /** Of latent diffusion alone: what the autoencoder makes of the picture, against the picture. */
  readonly autoencoderMse?: number
  /** Of latent diffusion alone: the reconstruction, against what the autoencoder makes of the picture. */
  readonly inversionMse?: number
}

/** What cells are measured on: a job, as far as measuring needs it. */
export type MeasuringJob = Pick<Job, 'trajectory' | 'encodePictures' | 'decodeStates' | 'autoencode'>

/** What all cells of a study share; `batch` is how many pictures go through the network at once, at most. */
export type SharedSettings = Pick<LabStudy, 'batch'> &
  Partial<Pick<LabStudy, 'endTimestep' | 'clip'>> & {
    /** What the network is shown with each picture; left out for unconditional networks. */
    readonly conditions?: readonly Condition[]
  }

export interface CellResult {
  /** In the order of the pictures. */
  readonly measurements: readonly Measurement[]
  readonly fallbacks: number
}

/**
 * Encodes pictures, decodes them back by the same settings, and measures both ways.
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
