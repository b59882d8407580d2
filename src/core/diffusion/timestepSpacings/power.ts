import { cleanTimestep } from '../noiseSchedule'
import type { SpacingRequest } from './timestepSpacingRow'

/**
 * Creates a spacing with timesteps at clean + u^power (end - clean), u = 1/S … 1: the paper's c i and c i^2
 * of appendix D.2, but rounded to the nearest timestep where the paper takes the floor.
 */
export function powerTimesteps(power: number) {
  return ({ schedule, steps, endTimestep }: SpacingRequest): number[] => {
    const clean = cleanTimestep(schedule)
    return Array.from({ length: steps }, (_, index) =>
      Math.round(clean + ((index + 1) / steps) ** power * (endTimestep - clean)),
    )
  }
}
