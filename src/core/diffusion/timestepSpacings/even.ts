import { sigmaOf, type NoiseLevel } from '../noiseLevel'
import type { NoiseSchedule } from '../noiseSchedule'
import type { SpacingRequest } from './timestepSpacingRow'

/** A function of the noise level that increases with the timestep. */
type Coordinate = (level: NoiseLevel) => number

/** Which root of sigma {@link karrasCoordinate} spaces evenly. */
const rho = 6

/**
 * Returns sigma^(1 / rho), Karras et al. 2022, eq. 5. They advise 5 to 10; 6 did best on fruits-64.
 */
export function karrasCoordinate(level: NoiseLevel): number {
  return sigmaOf(level) ** (1 / rho)
}

/** Returns -lambda, the coordinate in which DPM-Solver spaces its steps evenly. */
export function logSnrCoordinate(level: NoiseLevel): number {
  return Math.log(sigmaOf(level))
}

/** Returns the training timestep at which an increasing coordinate is nearest to a value. */
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
 * Returns `steps` timesteps evenly spaced in log-SNR, from about sigma `from` to the end, both included. They
 * may coincide.
 *
 * @param from  lowered if the end is less noisy
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

/** Creates a spacing that is even in a coordinate, from timestep 0, which is excluded, to the end. */
export function evenTimesteps(coordinateOf: Coordinate) {
  return ({ schedule: { levels }, steps, endTimestep }: SpacingRequest): number[] => {
    const first = coordinateOf(levels[0])
    const spacing = (coordinateOf(levels[endTimestep]) - first) / steps
    return Array.from({ length: steps }, (_, index) =>
      nearestTimestep(levels, coordinateOf, first + (index + 1) * spacing),
    )
  }
}
