/** The Lab: one sweep over solvers, timestep spacings, steps and eta on one's own pictures, and what it measured. */
import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { solverIds } from '#core/diffusion/solvers/registry'
import { z } from 'zod'
import type { ReverseRuleId } from '#core/diffusion/discrete/reverseRule'
import type { SolverSettings } from '#core/diffusion/settings'
import { limits, whole } from './limits'
import type { ComputeInfo } from './reports'
import { latentSource } from './latentSource'
import { endTimestep, eta, steps } from './settings'

const [pictureLatent, ...otherLatents] = latentSource.options

/**
 * What a study measures on: a picture, which every cell encodes by settings of its own, or any other latent, which is no
 * picture's and is measured on the picture that it decodes to.
 */
export const studyStop = z.discriminatedUnion('kind', [
  pictureLatent.omit({ encode: true, restandardise: true }),
  ...otherLatents,
])
export type StudyStop = z.infer<typeof studyStop>

/**
 * What a study sweeps. Its cells are all combinations; each encodes every picture and decodes it back by the same solver.
 * `batch` pictures go through the network at once.
 */
export const labStudy = z.object({
  stops: z
    .array(studyStop)
    .min(1, 'a study needs at least one picture or latent')
    .max(limits.studyPictures.max),
  solvers: z.array(z.enum(solverIds)).min(1, 'name at least one solver'),
  timestepSpacings: z.array(z.enum(timestepSpacingIds)).min(1, 'name at least one timestep spacing'),
  steps: z.array(steps).min(1, 'name at least one number of steps'),
  etas: z.array(eta).min(1, 'name at least one eta').default([0]),
  batch: whole(limits.batch, 'batch').default(8),
  endTimestep,
  /** Whether the predicted x0 is clipped while decoding. */
  clip: z.boolean().default(false),
})
export type LabStudy = z.infer<typeof labStudy>

/** Names settings: equal names mean the same cell of a study. */
export function settingsId({ solver, timestepSpacing, steps: count, eta: noise }: SolverSettings): string {
  return [solver, timestepSpacing, count, noise].join(' ')
}

/** What a study sweeps, without what it is measured on. */
export type LabSweep = Pick<LabStudy, 'solvers' | 'timestepSpacings' | 'steps' | 'etas'>

/** Every combination of a sweep, whether it makes sense or not. */
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
 * Table 2 of the paper: mean squared error on [0, 1] of CIFAR-10 pictures encoded and decoded by DDIM in S steps each
 * way, which is 2 S evaluations.
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

/** The file of a study's folder that keeps each cell as soon as it is measured. */
export const journalName = 'journal.jsonl'

/** The files of a finished study. The figures are there only where the study has pictures enough for them. */
export const labFiles = [
  'lab.csv',
  'lab.json',
  'curves.png',
  'consistency.png',
  'interpolation.png',
  'grid.png',
] as const
export type LabFile = (typeof labFiles)[number]

/** What one cell came to. Errors on [0, 1]. */
export interface LabCell extends SolverSettings {
  /** Network evaluations a picture took, there and back, as counted. */
  evaluations: number
  /** Mean over the pictures of each picture's mean squared error, as in Table 2 of the paper. */
  mse: number
  medianMse: number
  /** The same of the autoencoder alone, against the pictures; null in a model of pixels. */
  autoencoderMse: number | null
  /** The same against what the autoencoder alone makes of the pictures; null in a model of pixels. */
  inversionMse: number | null
  /** Mean over the pictures, in dB; Infinity when one came back without any error. */
  psnr: number
  /** Mean over the pictures. */
  ssim: number
  /** Standard deviation of x_T, mean over the pictures; 1 for a Gaussian draw. */
  latentStd: number
  /** Wall time of the cell over the number of pictures. */
  secondsPerPicture: number
  /** How often, counted in pictures and steps, `fixedPoint` did not converge and took the plain step. */
  fallbacks: number
}

/** A combination that was not measured, and why: one sentence. */
export interface SkippedCell extends SolverSettings {
  reason: string
}

/** A study as far as it has come. */
export interface LabReport {
  folder: string
  /** False for one that was cancelled or killed; running the same study into the same folder goes on with it. */
  finished: boolean
  model: { id: string; sha256: string }
  /** Names of the stops, in the study's order. */
  pictures: string[]
  study: Omit<LabStudy, 'stops'>
  /** Cheap ones first. */
  cells: LabCell[]
  skipped: SkippedCell[]
  /** How many cells there will be: as many as `cells` has once the study is finished. */
  plannedCells: number
  /** Cells found done from an earlier run. */
  resumedCells: number
  /** Those that stand in the folder. */
  files: LabFile[]
  /** What people should know of the figures, a sentence each: what they were measured on, and what is left out. */
  notes: string[]
  /** Wall time spent on the cells, over all runs. */
  seconds: number
  compute: ComputeInfo
}

/**
 * What is shown of the discrete process (paper, appendix A): the pictures of `stops`, reduced to `colours` colours that
 * they share, are the data, and one x_T is brought back to a picture in each number of steps by each rule for sigma.
 */
export const discreteStudy = z.object({
  stops: z.array(studyStop).min(2, 'name at least two pictures or latents').max(limits.studyPictures.max),
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

/** One way back from x_T. */
export interface DiscreteStrip {
  rule: ReverseRuleId
  steps: number
  /** How often a pixel changed its colour on the way, mean over the pixels. */
  changes: number
  /** Which of the pictures the end shows, or the nearest to it. */
  picture: number
  /** Share of the pixels of the end that are that picture's. */
  agreement: number
}

/** The strips of the discrete process, and their figure. */
export interface DiscreteReport {
  /** Names, in the study's order. */
  pictures: string[]
  /** Colours that the pictures were reduced to: fewer than asked for where they have fewer. */
  colours: number
  strips: DiscreteStrip[]
  /** PNG bytes: the pictures, and below them a row of states for each strip, from noise to picture. */
  figure: Uint8Array
}
