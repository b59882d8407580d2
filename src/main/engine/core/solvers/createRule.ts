import type { SolverId } from '#shared/settings'
import type { PredictEpsilon } from '../prediction'
import { ab2 } from './ab2'
import { ddim } from './ddim'
import { dpmSolverPlusPlus2M } from './dpmSolverPlusPlus2M'
import { fixedPoint } from './fixedPoint'
import { heun } from './heun'
import { leapfrog } from './leapfrog'
import { plms } from './plms'
import type { Rule } from './rule'
import { twoM } from './twoM'

const rules: Record<SolverId, (predictEpsilon: PredictEpsilon) => Rule> = {
  ddim: (predictEpsilon) => ddim(predictEpsilon),
  ab2,
  '2m': twoM,
  'dpm++2m': dpmSolverPlusPlus2M,
  heun,
  fixedPoint,
  leapfrog: (predictEpsilon) => leapfrog(predictEpsilon),
  plms,
}

/** Starts the rule of a name on a new trajectory. Deterministic; DDIM's noise is asked of {@link ddim} itself. */
export function createRule(solver: SolverId, predictEpsilon: PredictEpsilon): Rule {
  return rules[solver](predictEpsilon)
}
