import { DomainError } from '../DomainError'
import type { Latent } from './latent'
import { centralMoments } from './latentStatistics'
import { createTensor, type Tensor } from './tensor'

/**
 * Repairs the first two moments of a latent: shifts and scales all its values alike to mean 0 and standard
 * deviation 1. Apart from the shift, its direction, and so the picture's content, stays the same. The
 * previous state of a leapfrog latent gets the same shift and scale.
 *
 * @throws DomainError when all values are equal
 */
export function restandardise(latent: Latent): Latent {
  const { mean, variance } = centralMoments(latent.x.data)
  const std = Math.sqrt(variance)
  if (!(std > 0)) {
    throw new DomainError(
      `A latent of standard deviation ${std} cannot be scaled to 1: leave it as it is, or choose another.`,
    )
  }
  return mapLatent(latent, (value) => (value - mean) / std)
}

function mapLatent({ x, timestep, previousState }: Latent, change: (value: number) => number): Latent {
  const mapTensor = ({ data, shape }: Tensor) => createTensor(shape, data.map(change))
  if (!previousState) return { x: mapTensor(x), timestep }
  return {
    x: mapTensor(x),
    timestep,
    previousState: { x: mapTensor(previousState.x), timestep: previousState.timestep },
  }
}
