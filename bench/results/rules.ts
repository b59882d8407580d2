import { evaluationsOf } from '../../src/shared/lab'
import type { NodeKind, SolverId } from '../../src/shared/settings'

/** A rule on its nodes, for any number of steps. */
export interface RuleName {
  readonly solver: SolverId
  readonly nodes: NodeKind
}

/** What is compared: the paper's two first, the bundled presets' among the others. A study sweeps a product, so one each. */
export const sweeps: readonly { readonly solvers: SolverId[]; readonly nodes: NodeKind[] }[] = [
  { solvers: ['ddim', 'ab2'], nodes: ['linear', 'quadratic'] },
  { solvers: ['fixedPoint'], nodes: ['linear'] },
  { solvers: ['2m'], nodes: ['logSnr', 'karras'] },
  { solvers: ['dpm++2m', 'heun', 'leapfrog'], nodes: ['karras'] },
]

export const rules: readonly RuleName[] = sweeps.flatMap(({ solvers, nodes }) =>
  solvers.flatMap((solver) => nodes.map((kind) => ({ solver, nodes: kind }))),
)

/** Evaluations of all rules at all numbers of steps, for one picture. */
export function totalEvaluations(steps: readonly number[]): number {
  const prices = rules.flatMap(({ solver }) => steps.map((count) => evaluationsOf({ solver, steps: count })))
  return prices.reduce((sum, price) => sum + price, 0)
}
