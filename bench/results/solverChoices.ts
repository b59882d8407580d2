import { roundTripNfe } from '#core/diffusion/cost'
import type { TimestepSpacing } from '#core/diffusion/timestepSpacings/registry'
import type { SolverId } from '#core/diffusion/solvers/registry'

/** A solver with a timestep spacing, for any number of steps. */
export interface SolverChoice {
  readonly solver: SolverId
  readonly timestepSpacing: TimestepSpacing
}

/** A product of solvers and timestep spacings, as one study takes them. */
export interface Sweep {
  readonly solvers: SolverId[]
  readonly timestepSpacings: TimestepSpacing[]
}

/** What is compared: the paper's two first, then others including the bundled presets'. */
export const sweeps: readonly Sweep[] = [
  { solvers: ['ddim', 'ab2'], timestepSpacings: ['linear', 'quadratic'] },
  { solvers: ['fixedPoint'], timestepSpacings: ['linear'] },
  { solvers: ['2m'], timestepSpacings: ['logSnr', 'karras'] },
  { solvers: ['blended2m', 'dpm++2m', 'heun', 'leapfrog'], timestepSpacings: ['karras'] },
]

export const solverChoices: readonly SolverChoice[] = sweeps.flatMap(({ solvers, timestepSpacings }) =>
  solvers.flatMap((solver) => timestepSpacings.map((kind) => ({ solver, timestepSpacing: kind }))),
)

/** The sweeps of solvers that evaluate the network once per step, and of those that do so more often. */
export const [cheapSweeps, dearSweeps] = [
  sweepsOf(evaluatesOnceAStep),
  sweepsOf((solver) => !evaluatesOnceAStep(solver)),
]

/** The sweeps of the paper's two choices and of the presets' solvers, which are measured up to many steps. */
export const mainSweeps: readonly Sweep[] = [
  { solvers: ['ddim'], timestepSpacings: ['linear', 'quadratic'] },
  { solvers: ['blended2m', 'leapfrog'], timestepSpacings: ['karras'] },
]

function sweepsOf(wanted: (solver: SolverId) => boolean): readonly Sweep[] {
  return sweeps
    .map(({ solvers, timestepSpacings }) => ({ solvers: solvers.filter(wanted), timestepSpacings }))
    .filter(({ solvers }) => solvers.length > 0)
}

function evaluatesOnceAStep(solver: SolverId): boolean {
  const cost = (steps: number) => roundTripNfe({ solver, steps, cleanTimestep: -1 })
  return cost(11) - cost(10) <= 2
}

/** Evaluations that sweeps take at the given numbers of steps, per picture. */
export function costOfSweeps(swept: readonly Sweep[], steps: readonly number[]): number {
  const costs = swept.flatMap(({ solvers, timestepSpacings }) =>
    solvers.flatMap((solver) =>
      timestepSpacings.flatMap(() =>
        steps.map((count) => roundTripNfe({ solver, steps: count, cleanTimestep: -1 })),
      ),
    ),
  )
  return costs.reduce((sum, cost) => sum + cost, 0)
}
