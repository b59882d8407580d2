/** The Lab: sweeps over solvers, timestep spacings, steps and eta on the user's pictures, and the results. */
import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { solverIds } from '#core/diffusion/solvers/registry'
import { z } from 'zod'
import type { ReverseRuleId } from '#core/diffusion/discrete/reverseRule'
import type { MeanPsnr } from '#core/diffusion/fidelity'
import type { SolverSettings } from '#core/diffusion/settings'
import { formatCount } from '#core/format/quantities'
import { limits, whole } from './limits'
import type { ComputeInfo } from './reports'
import { latentSource } from './latentSource'
import { endTimestep, eta, steps } from './settings'

const [pictureLatent, ...otherLatents] = latentSource.options

/**
 * What a study measures on: a picture, which every cell encodes with its own settings, or any other latent,
 * which has no picture of its own and is measured on the picture it decodes to.
 */
export const studyStop = z.discriminatedUnion('kind', [
  pictureLatent.omit({ encode: true, restandardise: true }),
  ...otherLatents,
])
export type StudyStop = z.infer<typeof studyStop>

/** Says what to do with more pictures and latents than a study measures. */
export const tooManyStops = `A study measures at most ${formatCount(limits.studyPictures.max)} pictures and latents: choose fewer.`

/** How many pictures of a study go through the network at once, unless it says otherwise. */
export const studyBatch = 8

/**
 * What a study sweeps. Its cells are all combinations; each encodes every picture and decodes it again with
 * the same solver. `batch` pictures go through the network at once.
 */
export const labStudy = z.object({
  stops: z
    .array(studyStop)
    .min(1, 'a study needs at least one picture or latent')
    .max(limits.studyPictures.max, tooManyStops),
  solvers: z.array(z.enum(solverIds)).min(1, 'name at least one solver'),
  timestepSpacings: z.array(z.enum(timestepSpacingIds)).min(1, 'name at least one timestep spacing'),
  steps: z.array(steps).min(1, 'name at least one number of steps'),
  etas: z.array(eta).min(1, 'name at least one eta').default([0]),
  batch: whole(limits.batch, 'batch').default(studyBatch),
  endTimestep,
  /** Whether the predicted x0 is clipped during decoding. */
  clip: z.boolean().default(false),
})
export type LabStudy = z.infer<typeof labStudy>

/** Returns the id of settings: equal ids mean the same cell of a study. */
export function settingsId({ solver, timestepSpacing, steps: count, eta: noise }: SolverSettings): string {
  return [solver, timestepSpacing, count, noise].join(' ')
}

/** What a study sweeps, without the pictures. */
export type LabSweep = Pick<LabStudy, 'solvers' | 'timestepSpacings' | 'steps' | 'etas'>

/** Returns every combination of a sweep, whether it makes sense or not. */
export function combineSettings({
  solvers,
  timestepSpacings,
  steps: counts,
  etas,
}: LabSweep): SolverSettings[] {
  return counts.flatMap((count) =>
    solvers.flatMap((solver) =>
      timestepSpacings.flatMap((kind) =>
        etas.map((one): SolverSettings => ({ solver, timestepSpacing: kind, steps: count, eta: one })),
      ),
    ),
  )
}

/**
 * Table 2 of the paper: mean squared error on [0, 1] of CIFAR-10 pictures encoded and decoded by DDIM in S
 * steps each way, which takes 2 S evaluations.
 */
export const paperTable2: readonly { steps: number; mse: number }[] = [
  { steps: 10, mse: 0.014 },
  { steps: 20, mse: 0.0065 },
  { steps: 50, mse: 0.0023 },
  { steps: 100, mse: 0.0009 },
  { steps: 200, mse: 0.0004 },
  { steps: 500, mse: 0.0001 },
  { steps: 1000, mse: 0.0001 },
]

/** The file in a study's folder that records each cell as soon as it is measured. */
export const journalName = 'journal.jsonl'

/** The files of a finished study. The figures exist only if the study has enough pictures for them. */
export const labFiles = [
  'lab.csv',
  'lab.json',
  'curves.png',
  'consistency.png',
  'interpolation.png',
  'grid.png',
] as const
export type LabFile = (typeof labFiles)[number]

/** The results of one cell. Errors are on [0, 1]. */
export interface LabCell extends SolverSettings, MeanPsnr {
  /** Network evaluations per picture, there and back, as counted. */
  evaluations: number
  /** Mean over the pictures of each picture's mean squared error, as in Table 2 of the paper. */
  mse: number
  medianMse: number
  /** Mean squared error of the autoencoder alone, against the pictures; null in a pixel-space model. */
  autoencoderMse: number | null
  /** Mean squared error against the autoencoder's own reconstructions; null in a pixel-space model. */
  inversionMse: number | null
  /** Mean over the pictures. */
  ssim: number
  /** Standard deviation of x_T, mean over the pictures; 1 for a Gaussian draw. */
  latentStd: number
  /**
   * Wall time from x_0 to x_T and back to the pictures, divided by their number. An autoencoder's encoder is not in it,
   * because it runs once for all cells, and neither is measuring the error.
   */
  secondsPerPicture: number
  /** How often `fixedPoint` did not converge and took the plain step, counted per picture and step. */
  fallbacks: number
}

/** A combination that was not measured, and the reason in one sentence. */
export interface SkippedCell extends SolverSettings {
  reason: string
}

/** The state of a study. */
export interface LabReport {
  folder: string
  /** False if it was cancelled or killed; running the same study into the same folder resumes it. */
  finished: boolean
  model: { id: string; sha256: string }
  /** Names of the stops, in the study's order. */
  pictures: string[]
  /** SHA-256 of each one's file, in the same order; null for a latent that is no picture's. */
  pictureHashes: (string | null)[]
  study: Omit<LabStudy, 'stops'>
  /** Cheapest first. */
  cells: LabCell[]
  skipped: SkippedCell[]
  /** The number of cells that `cells` has once the study is finished. */
  plannedCells: number
  /** Cells that an earlier run had already measured. */
  resumedCells: number
  /** The files that exist in the folder. */
  files: LabFile[]
  /** What to know about the results, one sentence each: what they were measured on, and what is left out. */
  notes: string[]
  /** Wall time of the cells as in `secondsPerPicture`, for all pictures and over all runs. */
  seconds: number
  compute: ComputeInfo
}

/**
 * A demonstration of the discrete process (paper, appendix A). The pictures of `stops`, reduced to `colours`
 * shared colours, are the data; one x_T is turned back into a picture in each number of steps, by each rule
 * for sigma.
 */
export const discreteStudy = z.object({
  stops: z
    .array(studyStop)
    .min(2, 'name at least two pictures or latents')
    .max(limits.studyPictures.max, tooManyStops),
  colours: whole(limits.discreteColours, 'colours').default(12),
  /** Pixels along one side. */
  side: whole(limits.discreteSide, 'side').default(64),
  steps: z
    .array(whole(limits.discreteSteps, 'steps'))
    .min(1, 'name at least one number of steps')
    .default([5, 10, 20, 50]),
  seed: whole(limits.seed, 'seed').default(0),
})
export type DiscreteStudy = z.infer<typeof discreteStudy>

/** One reverse process from x_T. */
export interface DiscreteStrip {
  rule: ReverseRuleId
  steps: number
  /** How often a pixel changed its colour, mean over the pixels. */
  changes: number
  /** Index of the picture that the final state shows, or comes nearest to. */
  picture: number
  /** Fraction of the pixels of the final state that equal that picture's. */
  agreement: number
}

/** The strips of the discrete process, and their figure. */
export interface DiscreteReport {
  /** Names, in the study's order. */
  pictures: string[]
  /** The number of colours that the pictures were reduced to: fewer than requested if they have fewer. */
  colours: number
  strips: DiscreteStrip[]
  /** PNG bytes: the pictures, and below them a row of states for each strip, from noise to picture. */
  figure: Uint8Array
}
