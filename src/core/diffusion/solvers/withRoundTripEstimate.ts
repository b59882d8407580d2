import { isNoisier, sigmaOf, type NoiseLevel } from '../noiseLevel'
import type { PathStep, Point } from '../path'
import { createTensor, type Tensor } from '../tensor'
import type { Solver } from './solver'
import { extrapolationWeight, type Coordinate } from './twoStep'

/** The epsilon of a state, and the state's point on the path. */
interface Seen {
  readonly epsilon: Tensor
  readonly point: Point
}

/**
 * How much of an error made at a sigma remains in the picture: half of it below sigma 1, all of it in the
 * middle, less and less above. Measured on fruits-64; interpolated linearly in ln sigma.
 */
const gains: readonly (readonly [sigma: number, gain: number])[] = [
  [1, 0.5],
  [2, 1.1],
  [15, 1.1],
  [30, 0.7],
  [60, 0.3],
]

/** The measured factor by which the sum over the steps overstates the error: steps partly cancel out. */
const overstatement = 10

/**
 * Makes a solver also estimate, from an encoding alone and without further evaluations, how far the reconstructions
 * will be from their pictures.
 *
 * The step from i up to k extrapolates epsilon from before; the step that will undo it extrapolates it from
 * beyond. In terms of xBar, with weights w and w' as in {@link extrapolationWeight}, the two differ by a
 * third difference of epsilon:
 *
 *     m = (sigma_k - sigma_i) ((1 + w) epsilon_i - w epsilon_i-1 - (1 + w') epsilon_k + w' epsilon_k+1)
 *
 * The estimate is the sum of gain(sigma_k)^2 mean(m^2) / 4 over all steps for which the four epsilons are
 * known, divided by {@link overstatement}.
 *
 * @param solver  one that extrapolates epsilon along `coordinateOf`
 * @returns the same solver with an `expectedError`: the mean squared error on [0, 1] of each item, once known
 */
export function withRoundTripEstimate(solver: Solver, coordinateOf: Coordinate): Solver {
  const seen: Seen[] = []
  let sums: Float64Array | undefined

  return {
    get expectedError() {
      return sums && Array.from(sums, (sum) => sum / overstatement)
    },
    async advance(x, step, out) {
      const epsilon = await solver.advance(x, step, out)
      if (isNoisier(step.from, step.to)) return epsilon
      remember(seen, epsilon, step)
      if (seen.length === 4) {
        sums ??= new Float64Array(x.shape[0])
        addMismatch(sums, seen as [Seen, Seen, Seen, Seen], coordinateOf)
      }
      return epsilon
    },
  }
}

/** Keeps copies of the last four, because the solver reuses the tensor it returns. */
function remember(seen: Seen[], epsilon: Tensor, { from }: PathStep): void {
  const copy = seen.length === 4 ? seen.shift()!.epsilon : createTensor(epsilon.shape)
  copy.data.set(epsilon.data)
  seen.push({ epsilon: copy, point: from })
}

/** Adds to each item's sum the mismatch of the step from the second to the third of four states. */
function addMismatch(sums: Float64Array, seen: readonly [Seen, Seen, Seen, Seen], coordinateOf: Coordinate) {
  const [before, from, to, beyond] = seen.map(({ point }) => point)
  const up = extrapolationWeight(coordinateOf, before, from, to)
  const down = extrapolationWeight(coordinateOf, beyond, to, from)
  const [a, b, c, d] = seen.map(({ epsilon }) => epsilon.data)
  const size = a.length / sums.length
  const scale = ((sigmaOf(to) - sigmaOf(from)) * gainAt(to)) ** 2 / (4 * size)
  for (let i = 0; i < a.length; i++) {
    const difference = (1 + up) * b[i] - up * a[i] - (1 + down) * c[i] + down * d[i]
    sums[Math.floor(i / size)] += scale * difference ** 2
  }
}

function gainAt(level: NoiseLevel): number {
  const position = Math.log(sigmaOf(level))
  const next = gains.findIndex(([sigma]) => Math.log(sigma) > position)
  if (next === 0) return gains[0][1]
  if (next === -1) return gains.at(-1)![1]
  const [[low, gainLow], [high, gainHigh]] = [gains[next - 1], gains[next]]
  const fraction = (position - Math.log(low)) / (Math.log(high) - Math.log(low))
  return gainLow + fraction * (gainHigh - gainLow)
}
