import { cleanTimestep } from '../noiseSchedule'
import { separate } from './separate'
import type { SpacingRequest } from './timestepSpacingRow'

/**
 * Returns the `quad` spacing of the authors' code (ermongroup/ddim, runners/diffusion.py):
 * int(np.linspace(0, sqrt(0.8 T), S)^2), which runs from timestep 0 to 0.8 T. With many steps some of its
 * first timesteps coincide; here they are moved apart.
 */
export function officialQuadTimesteps({ schedule, steps }: SpacingRequest): number[] {
  const root = Math.sqrt(0.8 * schedule.numTrainTimesteps)
  // NumPy multiplies the index by the spacing and sets the last value to the exact end. Any other arithmetic
  // can be off by one timestep.
  const rootAt = (index: number) =>
    index > 0 && index === steps - 1 ? root : index * (root / Math.max(1, steps - 1))
  const timesteps = Array.from({ length: steps }, (_, index) => Math.floor(rootAt(index) ** 2))
  return separate(timesteps, cleanTimestep(schedule))
}
