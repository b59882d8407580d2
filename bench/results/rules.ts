import { roundTripNfe } from '#core/diffusion/cost'
import type { TimestepSpacing } from '#core/diffusion/timestepSpacings/registry'
import type { SolverId } from '#core/diffusion/solvers/registry'

/** A solver on a timestep spacing, for any number of steps. */
export interface RuleName {
  readonly solver: SolverId
  readonly timestepSpacing: TimestepSpacing
}

/** A product of solvers and timestep spacings, as one study takes them. */
export interface Sweep {
  readonly solvers: SolverId[]
  readonly timestepSpacings: TimestepSpacing[]
}

/** What is compared: the paper's two first, the bundled presets' among the others. */
export const sweeps: readonly Sweep[] = [
  { solvers: ['ddim', 'ab2'], timestepSpacings: ['linear', 'quadratic'] },
  { solvers: ['fixedPoint'], timestepSpacings: ['linear'] },
  { solvers: ['2m'], timestepSpacings: ['logSnr', 'karras'] },
  { solvers: ['dpm++2m', 'heun', 'leapfrog'], timestepSpacings: ['karras'] },
]

export const rules: readonly RuleName[] = sweeps.flatMap(({ solvers, timestepSpacings }) =>
  solvers.flatMap((solver) => timestepSpacings.map((kind) => ({ solver, timestepSpacing: kind }))),
)

/** The sweeps of rules that evaluate the network once a step, and those of the rules that do so more often. */
export const [cheapSweeps, dearSweeps] = [
  sweepsOf(evaluatesOnceAStep),
  sweepsOf((solver) => !evaluatesOnceAStep(solver)),
]

/** The sweeps of the paper's two choices and of the presets' rules: what is followed to many steps. */
export const mainSweeps: readonly Sweep[] = [
  { solvers: ['ddim'], timestepSpacings: ['linear', 'quadratic'] },
  { solvers: ['2m', 'leapfrog'], timestepSpacings: ['karras'] },
]

function sweepsOf(wanted: (solver: SolverId) => boolean): readonly Sweep[] {
  return sweeps
    .map(({ solvers, timestepSpacings }) => ({ solvers: solvers.filter(wanted), timestepSpacings }))
    .filter(({ solvers }) => solvers.length > 0)
}

function evaluatesOnceAStep(solver: SolverId): boolean {
  const price = (steps: number) => roundTripNfe({ solver, steps })
  return price(11) - price(10) <= 2
}

/** Evaluations that sweeps take at some numbers of steps, for one picture. */
export function priceOfSweeps(swept: readonly Sweep[], steps: readonly number[]): number {
  const prices = swept.flatMap(({ solvers, timestepSpacings }) =>
    solvers.flatMap((solver) =>
      timestepSpacings.flatMap(() => steps.map((count) => roundTripNfe({ solver, steps: count }))),
    ),
  )
  return prices.reduce((sum, price) => sum + price, 0)
}
