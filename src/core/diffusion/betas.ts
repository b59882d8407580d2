import { DomainError } from '../DomainError'
import { variancePreserving, type NoiseLevel } from './noiseLevel'

/** The published variance schedules beta_t, t = 0 … T-1, under the names that diffusers uses. */
export const betaSchedules = ['linear', 'scaled_linear', 'squaredcos_cap_v2', 'sigmoid'] as const
export type BetaSchedule = (typeof betaSchedules)[number]

/** Display names. */
export const betaScheduleNames: Readonly<Record<BetaSchedule, string>> = {
  linear: 'linear betas',
  scaled_linear: 'scaled linear betas',
  squaredcos_cap_v2: 'cosine betas',
  sigmoid: 'sigmoid betas',
}

/** The cap on every beta of the cosine schedule: uncapped, the last would be 1 and leave no signal at all. */
const cosineCap = 0.999

/**
 * PyTorch's float32 linspace: computed from both ends towards the middle, each value rounded once. One value
 * alone is the start.
 */
function linspace(start: number, end: number, count: number): Float32Array {
  const first = Math.fround(start)
  if (count === 1) return Float32Array.of(first)
  const last = Math.fround(end)
  const spacing = Math.fround(Math.fround(last - first) / (count - 1))
  return Float32Array.from({ length: count }, (_, index) =>
    index < count >> 1 ? first + spacing * index : last - spacing * (count - 1 - index),
  )
}

/** Returns alphaBar(u) for u = t/T in [0, 1]: Nichol & Dhariwal, "Improved DDPM", 2021, eq. 17. */
function cosineAlphaBar(u: number): number {
  return Math.cos((((u + 0.008) / 1.008) * Math.PI) / 2) ** 2
}

function cosineBetas(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, t) =>
    Math.min(1 - cosineAlphaBar((t + 1) / count) / cosineAlphaBar(t / count), cosineCap),
  )
}

/**
 * Returns beta_t of a named schedule, in float32 as diffusers computes it: the values that networks were
 * trained with.
 *
 * - `linear`: evenly spaced from `start` to `end` (Ho et al. 2020).
 * - `scaled_linear`: the squares of evenly spaced square roots (latent diffusion models).
 * - `squaredcos_cap_v2`: the cosine schedule (Nichol & Dhariwal 2021, eq. 17), which ignores `start` and
 *   `end`.
 * - `sigmoid`: a logistic curve over [-6, 6] between `start` and `end` (GeoDiff).
 */
function createBetas(schedule: BetaSchedule, count: number, start: number, end: number): Float32Array {
  switch (schedule) {
    case 'linear':
      return linspace(start, end, count)
    case 'scaled_linear':
      return linspace(Math.sqrt(start), Math.sqrt(end), count).map((root) => root * root)
    case 'squaredcos_cap_v2':
      return cosineBetas(count)
    case 'sigmoid':
      return linspace(-6, 6, count).map((u) => start + (end - start) / (1 + Math.exp(-u)))
  }
}

/**
 * Returns alphasCumprod_t = product over s <= t of (1 - beta_s), accumulated in float64 and stored as
 * float32, as PyTorch does.
 */
function accumulate(betas: Float32Array): Float64Array {
  let product = 1
  return Float64Array.from(betas, (beta, t) => {
    if (!(beta > 0 && beta < 1)) {
      throw new DomainError(`The scheduler's beta at timestep ${t} is ${beta}: it must lie between 0 and 1.`)
    }
    product *= Math.fround(1 - beta)
    const alphaBar = Math.fround(product)
    if (alphaBar === 1) {
      throw new DomainError(
        `The scheduler's beta at timestep ${t} is ${beta}, which adds no noise in float32: choose a model whose first beta is at least 1e-7.`,
      )
    }
    return alphaBar
  })
}

/** The fields of a scheduler configuration that define its betas, under diffusers' names. */
interface BetaFields {
  readonly trained_betas: readonly number[] | null
  readonly beta_schedule: BetaSchedule
  readonly num_train_timesteps: number
  readonly beta_start: number
  readonly beta_end: number
}

/**
 * Returns one noise level per timestep, from `trained_betas` if given and otherwise from the named schedule.
 *
 * @throws DomainError  for a beta outside (0, 1), for a first one so small that alphaBar stays 1, and for fewer
 *   betas than timesteps
 */
export function levelsOfBetas(fields: BetaFields): NoiseLevel[] {
  const { trained_betas, beta_schedule, num_train_timesteps, beta_start, beta_end } = fields
  const betas = trained_betas
    ? firstBetas(trained_betas, num_train_timesteps)
    : createBetas(beta_schedule, num_train_timesteps, beta_start, beta_end)
  return Array.from(accumulate(betas), variancePreserving)
}

/** Returns the betas of all timesteps. Like diffusers, it leaves those after the last timestep unused. */
function firstBetas(betas: readonly number[], timesteps: number): Float32Array {
  if (betas.length >= timesteps) return Float32Array.from(betas.slice(0, timesteps))
  throw new DomainError(
    `The scheduler's trained_betas has ${betas.length} values for the ${timesteps} timesteps of num_train_timesteps: correct that number, or download the file again.`,
  )
}
