import type { SolverId } from '#shared/settings'
import type { PredictEpsilon } from '../prediction'
import { ab2 } from './ab2'
import { ddim } from './ddim'
import type { Rule } from './rule'
import { twoM } from './twoM'

/** Starts the rule of a name on a new trajectory, without noise. */
export function createRule(solver: SolverId, predictEpsilon: PredictEpsilon): Rule {
  switch (solver) {
    case 'ddim':
      return ddim(predictEpsilon)
    case 'ab2':
      return ab2(predictEpsilon)
    case '2m':
      return twoM(predictEpsilon)
    default:
      throw new RangeError(`The solver ${solver} is not built yet: take ddim, ab2 or 2m.`)
  }
}
