import type { ConditioningTimestep } from '../path'
import { solverOf, solvers, type SolverId } from './registry'

/** The settings that a solver is to run with. */
export interface SolverDemands {
  readonly solver: SolverId
  readonly steps: number
  readonly conditioningTimestep?: ConditioningTimestep
  readonly eta?: number
  readonly sigmaHat?: boolean
}

/** Returns one sentence on why a solver cannot run like this, whatever the model; null if it can. */
export function reasonAgainst({
  solver,
  steps,
  conditioningTimestep = 'current',
  eta = 0,
  sigmaHat = false,
}: SolverDemands): string | null {
  const { stochastic, conditioningTimesteps, leastSteps, isPair } = solverOf(solver)
  if (!stochastic && (eta > 0 || sigmaHat)) {
    const others = solvers.filter((row) => row.stochastic).map(({ id }) => id)
    return `${solver} is deterministic: ${sigmaHat ? 'sigma hat' : `eta ${eta}`} needs ${others.join(' or ')}.`
  }
  if (!conditioningTimesteps.includes(conditioningTimestep)) {
    return `${solver} does not work with the conditioning timestep "${conditioningTimestep}": take "${conditioningTimesteps[0]}".`
  }
  if (steps < leastSteps) {
    const why = isPair ? `A ${solver} latent is a pair of states` : `${solver} has no shorter trajectory`
    return `${why}: take at least ${leastSteps} steps.`
  }
  return null
}
