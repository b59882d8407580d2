import { DomainError } from '../DomainError'
import { dot } from '../numbers/vectors'
import type { Latent } from './latent'
import { linearCombination } from './linearCombination'
import { createTensor } from './tensor'

/**
 * Returns the sum of weights[k] * latents[k]. The previous state of a leapfrog latent gets the same weight as
 * its state, so that the pair stays a pair. If one weight is 1 and all others are 0, the result is a
 * bit-exact copy of that latent.
 *
 * @throws DomainError when the latents differ in shape, timestep or previous state
 */
export function combineLatents(latents: readonly Latent[], weights: readonly number[]): Latent {
  const [first] = latents
  for (const latent of latents) requireSameKind(first, latent)
  const { timestep, previousState } = first
  const sumOf = (part: (latent: Latent) => Latent['x']) =>
    linearCombination(weights, latents.map(part), createTensor(first.x.shape))
  const x = sumOf((latent) => latent.x)
  if (!previousState) return { x, timestep }
  return {
    x,
    timestep,
    previousState: { x: sumOf((latent) => latent.previousState!.x), timestep: previousState.timestep },
  }
}

/**
 * Mixes any number of latents: z = sum(w x) / sqrt(sum(w^2)). A mix of independent draws from N(0, I) is then
 * another such draw, whatever the weights and their order. Two latents with weights cos(a) and sin(a) mix as
 * slerp mixes orthogonal latents.
 *
 * @param weights  one per latent, of any sign; only their ratios matter
 * @throws DomainError when all weights are 0, or the latents cannot be mixed
 */
export function mixLatents(latents: readonly Latent[], weights: readonly number[]): Latent {
  const length = Math.hypot(...weights)
  if (!(length > 0))
    throw new DomainError('In this mix, the weights of every latent add up to 0: change at least one weight.')
  return combineLatents(
    latents,
    weights.map((weight) => weight / length),
  )
}

/** Returns the Euclidean length of a latent, taken as one vector. */
export function normOf({ x }: Latent): number {
  return Math.sqrt(dot(x.data, x.data))
}

function requireSameKind(one: Latent, other: Latent): void {
  const [oneKind, otherKind] = [describe(one), describe(other)]
  if (oneKind === otherKind) return
  throw new DomainError(
    `Only latents of one kind can be mixed, not ${oneKind} with ${otherKind}: make all of them with the same model, end timestep and solver.`,
  )
}

/** Describes what two latents must have in common to be mixed. */
function describe({ x, timestep, previousState }: Latent): string {
  const state = `one of shape [${x.shape.join(', ')}] at timestep ${timestep}`
  return previousState ? `${state} with a previous state at ${previousState.timestep}` : state
}
