import type { SolverSettings } from '#core/diffusion/settings'
import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'
import { decode, encode } from '#core/diffusion/inversion'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { concatenate, itemOf, type Tensor } from '#core/diffusion/tensor'
import { openPicture } from '#engine/image/decodePicture'
import { fitPicture } from '#engine/image/fitPicture'
import { pixelsToTensor } from '#engine/image/tensorPixels'
import { runSolver } from '#engine/latent/runSolver'
import { drawFromMixture, mixtureEpsilon, type Mixture } from './mixture'
import { solverChoices } from './solverChoices'

/** Side of the pictures: 3 x 8 x 8 are 192 values. */
export const side = 8
export const deviation = 0.1

/** A solver's result on data whose score is known exactly. */
export interface ExactCell extends SolverSettings {
  /** Mean squared error of the round trip, on [0, 1]. */
  readonly mse: number
  /** Root mean square distance of x_T from the exact solution of the ODE. */
  readonly latentError: number
  readonly latentStd: number
}

export interface ExactResults {
  readonly cells: readonly ExactCell[]
  /** Standard deviation of the exact solution's x_T, averaged over the draws. */
  readonly trueStd: number
}

/** Measures every solver on draws from a mixture around the given pictures, whose score has a closed form. */
export async function measureClosedForm(
  pictures: readonly string[],
  steps: readonly number[],
  schedule: NoiseSchedule,
): Promise<ExactResults> {
  const mixture: Mixture = { means: concatenate(await Promise.all(pictures.map(shrink))), deviation }
  const network = { schedule, predictEpsilon: mixtureEpsilon(mixture, schedule) }
  const x0 = drawFromMixture(mixture)
  const truth = await encodeBy(
    { solver: 'heun', timestepSpacing: 'linear', steps: schedule.numTrainTimesteps },
    x0,
    network,
  )
  const cells: ExactCell[] = []
  for (const count of steps) {
    for (const { solver, timestepSpacing } of solverChoices) {
      const choice = { solver, timestepSpacing, steps: count, eta: 0 }
      const latent = await encodeBy(choice, x0, network)
      const settings = { ...choice, sigmaHat: false, seed: 0, clip: false }
      const { result } = await runSolver(decode(latent, { ...network, settings }), () => undefined)
      // A distance on [0, 1] is half of that on [-1, 1].
      const mse = meanSquaredDistance(result, x0) / 4
      const latentError = Math.sqrt(meanSquaredDistance(latent.x, truth.x))
      cells.push({ ...choice, mse, latentError, latentStd: meanStd(latent.x) })
    }
  }
  return { cells, trueStd: meanStd(truth.x) }
}

async function shrink(path: string): Promise<Tensor> {
  return pixelsToTensor(fitPicture(await openPicture(path), { mode: 'cover' }, side, side), 3)
}

async function encodeBy(
  { solver, timestepSpacing, steps }: Omit<SolverSettings, 'eta'>,
  x0: Tensor,
  network: { schedule: NoiseSchedule; predictEpsilon: ReturnType<typeof mixtureEpsilon> },
) {
  const settings = { solver, timestepSpacing, steps, conditioningTimestep: 'current' } as const
  return (await runSolver(encode(x0, { ...network, settings }), () => undefined)).result
}

function meanSquaredDistance(a: Tensor, b: Tensor): number {
  return a.data.reduce((sum, value, i) => sum + (value - b.data[i]) ** 2, 0) / a.data.length
}

function meanStd(batch: Tensor): number {
  const count = batch.shape[0]
  return (
    Array.from({ length: count }, (_, i) => measureLatentStatistics(itemOf(batch, i)).std).reduce(
      (a, b) => a + b,
    ) / count
  )
}
