import type { SolverSettings } from '#core/diffusion/settings'
import type { LabStudy } from '#shared/lab'
import type { LatentStatistics } from '#core/diffusion/latentStatistics'
import { measureFidelity, measureMse } from '#core/diffusion/fidelity'
import { decode, encode } from '#core/diffusion/inversion'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { concatenate, itemOf, type Tensor } from '#core/diffusion/tensor'
import type { Job } from '../job/Job'
import { type Condition, stackConditions } from '../model/network/condition'
import { runSolver } from '../latent/runSolver'
import type { CodedPicture } from './codePictures'
import { splitEvenly } from './splitEvenly'

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
export type MeasuringJob = Pick<Job, 'trajectory' | 'decodeStates' | 'isLossless'>

/** What all cells of a study share; at most `batch` pictures go through the network at once. */
export type SharedSettings = Pick<LabStudy, 'batch'> &
  Partial<Pick<LabStudy, 'endTimestep' | 'clip'>> & {
    /** The condition of each picture; omitted for unconditional networks. */
    readonly conditions?: readonly Condition[]
  }

/** What was measured in one cell. */
export interface CellResult {
  /** In the order of the pictures. */
  readonly measurements: readonly Measurement[]
  readonly fallbacks: number
  /** Wall time from x_0 to the reconstructed pictures, without what all cells share and without measuring. */
  readonly seconds: number
}

/** Encodes pictures, decodes them again with the same settings, and measures both directions. */
export async function measureCell(
  settings: SolverSettings,
  pictures: readonly CodedPicture[],
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
    seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
  }
}

/** @param group  indices of the pictures in this batch */
async function measureBatch(
  { solver, timestepSpacing, steps, eta }: SolverSettings,
  { pictures: all, group }: { pictures: readonly CodedPicture[]; group: readonly number[] },
  { endTimestep, clip = false, conditions }: SharedSettings,
  job: MeasuringJob,
): Promise<CellResult> {
  const condition = conditions && stackConditions(group.map((index) => conditions[index]))
  const pictures = group.map((index) => all[index])
  const settings = { solver, timestepSpacing, steps }
  let fallbacks = 0
  const x0 = concatenate(pictures.map((coded) => coded.x0))
  const started = performance.now()
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
  const seconds = (performance.now() - started) / 1000
  const autoencoded = job.isLossless ? null : await autoencodedOf(pictures, x0, job)
  const measurements = pictures.map(({ picture }, i) => {
    const reconstruction = itemOf(reconstructions, i)
    const { mse, ssim } = measureFidelity(picture, reconstruction)
    const evaluations = there.evaluations + back.evaluations
    return {
      evaluations,
      mse,
      ssim,
      ...(autoencoded && {
        autoencoderMse: measureMse(picture, autoencoded[i]),
        inversionMse: measureMse(autoencoded[i], reconstruction),
      }),
      ...measureLatentStatistics(itemOf(there.result.x, i)),
    }
  })
  return { measurements, fallbacks, seconds }
}

/** Returns what a batch of states decodes to, one picture at a time, decoding only if not all of it is kept. */
async function autoencodedOf(
  pictures: readonly CodedPicture[],
  x0: Tensor,
  job: MeasuringJob,
): Promise<Tensor[]> {
  const kept = pictures.flatMap(({ autoencoded }) => autoencoded ?? [])
  if (kept.length === pictures.length) return kept
  const decoded = await job.decodeStates(x0)
  return pictures.map((_, i) => itemOf(decoded, i))
}
