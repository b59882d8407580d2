import { sigmaOf, type NoiseLevel } from '../noiseLevel'
import type { NoiseSchedule } from '../noiseSchedule'
import type { SpacingRequest } from './timestepSpacingRow'

/** A function of the noise level that rises with the timestep. */
type Coordinate = (level: NoiseLevel) => number

/** Root of sigma that {@link karrasCoordinate} spaces evenly. */
const rho = 6

/** sigma^(1 / rho), Karras et al. 2022, eq. 5. They advise rho from 5 to 10; 6 did best on the bundled model. */
export function karrasCoordinate(level: NoiseLevel): number {
  return sigmaOf(level) ** (1 / rho)
}

/** -lambda, the coordinate in which DPM-Solver spaces its steps evenly. */
export function logSnrCoordinate(level: NoiseLevel): number {
  return Math.log(sigmaOf(level))
}

/** Training timestep at which a rising coordinate comes nearest to a value. */
function nearestTimestep(levels: readonly NoiseLevel[], coordinateOf: Coordinate, value: number): number {
  let low = 0
  let high = levels.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (coordinateOf(levels[middle]) < value) low = middle
    else high = middle
  }
  const belowBy = value - coordinateOf(levels[low])
  const aboveBy = coordinateOf(levels[high]) - value
  return belowBy < aboveBy ? low : high
}

/**
 * `steps` timesteps evenly spaced in log-SNR, from about sigma `from` to the end, both included. They may coincide.
 *
 * @param from  lowered where the end is less noisy than that
 */
export function logSpacedTimesteps(
  { levels }: NoiseSchedule,
  {
    steps,
    from,
    endTimestep,
  }: { readonly steps: number; readonly from: number; readonly endTimestep: number },
): number[] {
  const last = logSnrCoordinate(levels[endTimestep])
  const first = Math.min(Math.log(from), last)
  return Array.from({ length: steps }, (_, index) =>
    index === steps - 1
      ? endTimestep
      : nearestTimestep(levels, logSnrCoordinate, first + (index / (steps - 1)) * (last - first)),
  )
}

/** Timesteps evenly spaced in a coordinate, from timestep 0, which is left out, to the end. */
export function evenTimesteps(coordinateOf: Coordinate) {
  return ({ schedule: { levels }, steps, endTimestep }: SpacingRequest): number[] => {
    const first = coordinateOf(levels[0])
    const spacing = (coordinateOf(levels[endTimestep]) - first) / steps
    return Array.from({ length: steps }, (_, index) =>
      nearestTimestep(levels, coordinateOf, first + (index + 1) * spacing),
    )
  }
}
