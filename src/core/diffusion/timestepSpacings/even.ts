import { sigmaOf } from '../noiseSchedule'
import type { SpacingRequest } from './timestepSpacingRow'

/** A function of alphaBar that rises with the timestep. */
type Coordinate = (alphaBar: number) => number

/** Root of sigma that {@link karrasCoordinate} spaces evenly. */
const rho = 6

/** sigma^(1 / rho), Karras et al. 2022, eq. 5. They advise rho from 5 to 10; 6 did best on the bundled model. */
export function karrasCoordinate(alphaBar: number): number {
  return sigmaOf(alphaBar) ** (1 / rho)
}

/** -lambda, the coordinate in which DPM-Solver spaces its steps evenly. */
export function logSnrCoordinate(alphaBar: number): number {
  return Math.log(sigmaOf(alphaBar))
}

/** Training timestep at which a rising coordinate comes nearest to a value. */
function nearestTimestep(alphasCumprod: Float64Array, coordinateOf: Coordinate, value: number): number {
  let low = 0
  let high = alphasCumprod.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (coordinateOf(alphasCumprod[middle]) < value) low = middle
    else high = middle
  }
  const belowBy = value - coordinateOf(alphasCumprod[low])
  const aboveBy = coordinateOf(alphasCumprod[high]) - value
  return belowBy < aboveBy ? low : high
}

/** Timesteps evenly spaced in a coordinate, from timestep 0, which is left out, to the end. */
export function evenTimesteps(coordinateOf: Coordinate) {
  return ({ schedule: { alphasCumprod }, steps, endTimestep }: SpacingRequest): number[] => {
    const first = coordinateOf(alphasCumprod[0])
    const spacing = (coordinateOf(alphasCumprod[endTimestep]) - first) / steps
    return Array.from({ length: steps }, (_, index) =>
      nearestTimestep(alphasCumprod, coordinateOf, first + (index + 1) * spacing),
    )
  }
}
