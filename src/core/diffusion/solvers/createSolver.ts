import type { TimestepSpacing, SolverId } from '#shared/settings'
import { isDiffusersSpacing } from '../diffusersTimesteps'
import type { PredictEpsilon } from '../prediction'
import { ab2 } from './ab2'
import { ddim } from './ddim'
import { dpmSolverPlusPlus2M } from './dpmSolverPlusPlus2M'
import { fixedPoint } from './fixedPoint'
import { float32Coefficients } from './float32Coefficients'
import { heun } from './heun'
import { leapfrog } from './leapfrog'
import { plms } from './plms'
import type { Solver } from './solver'
import { twoM } from './twoM'

const rules: Record<SolverId, (predictEpsilon: PredictEpsilon, nodes: TimestepSpacing) => Solver> = {
  ddim: (predictEpsilon) => ddim(predictEpsilon),
  ab2,
  '2m': twoM,
  'dpm++2m': (predictEpsilon, nodes) =>
    dpmSolverPlusPlus2M(predictEpsilon, isDiffusersSpacing(nodes) ? float32Coefficients : undefined),
  heun,
  fixedPoint,
  leapfrog: (predictEpsilon) => leapfrog(predictEpsilon),
  plms,
}

/**
 * Starts the rule of a name on a new trajectory. Deterministic; DDIM's noise is asked of {@link ddim} itself.
 *
 * @param nodes  kind of the nodes it will walk: on those of diffusers, the rules of diffusers compute as it does
 */
export function createSolver(
  solver: SolverId,
  nodes: TimestepSpacing,
  predictEpsilon: PredictEpsilon,
): Solver {
  return rules[solver](predictEpsilon, nodes)
}
