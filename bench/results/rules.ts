import { roundTripEvaluations } from '#shared/price'
import type { TimestepSpacing, SolverId } from '#shared/settings'

/** A rule on its nodes, for any number of steps. */
export interface RuleName {
  readonly solver: SolverId
  readonly nodes: TimestepSpacing
}

/** A product of rules and nodes, as one study takes them. */
export interface Sweep {
  readonly solvers: SolverId[]
  readonly nodes: TimestepSpacing[]
}

/** What is compared: the paper's two first, the bundled presets' among the others. */
export const sweeps: readonly Sweep[] = [
  { solvers: ['ddim', 'ab2'], nodes: ['linear', 'quadratic'] },
  { solvers: ['fixedPoint'], nodes: ['linear'] },
  { solvers: ['2m'], nodes: ['logSnr', 'karras'] },
  { solvers: ['dpm++2m', 'heun', 'leapfrog'], nodes: ['karras'] },
]

export const rules: readonly RuleName[] = sweeps.flatMap(({ solvers, nodes }) =>
  solvers.flatMap((solver) => nodes.map((kind) => ({ solver, nodes: kind }))),
)

/** The sweeps of rules that evaluate the network once a step, and those of the rules that do so more often. */
export const [cheapSweeps, dearSweeps] = [
  sweepsOf(evaluatesOnceAStep),
  sweepsOf((solver) => !evaluatesOnceAStep(solver)),
]

/** The sweeps of the paper's two choices and of the presets' rules: what is followed to many steps. */
export const mainSweeps: readonly Sweep[] = [
  { solvers: ['ddim'], nodes: ['linear', 'quadratic'] },
  { solvers: ['2m', 'leapfrog'], nodes: ['karras'] },
]

function sweepsOf(wanted: (solver: SolverId) => boolean): readonly Sweep[] {
  return sweeps
    .map(({ solvers, nodes }) => ({ solvers: solvers.filter(wanted), nodes }))
    .filter(({ solvers }) => solvers.length > 0)
}

function evaluatesOnceAStep(solver: SolverId): boolean {
  const price = (steps: number) => roundTripEvaluations({ solver, steps })
  return price(11) - price(10) <= 2
}

/** Evaluations that sweeps take at some numbers of steps, for one picture. */
export function priceOfSweeps(swept: readonly Sweep[], steps: readonly number[]): number {
  const prices = swept.flatMap(({ solvers, nodes }) =>
    solvers.flatMap((solver) =>
      nodes.flatMap(() => steps.map((count) => roundTripEvaluations({ solver, steps: count }))),
    ),
  )
  return prices.reduce((sum, price) => sum + price, 0)
}
