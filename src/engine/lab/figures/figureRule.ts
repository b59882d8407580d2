import type { LabCell, LabRule } from '#shared/lab'
import { roundTripEvaluations } from '#shared/price'

/** Figures show many pictures: more steps than this cost more time than the eye can tell. */
const mostSteps = 50

/**
 * The rules that figures may be drawn by: deterministic, affordable, and none whose latents are pairs, for those are
 * made to come back rather than to be mixed. Wishes that leave no rule are dropped, the last first.
 */
function candidates<Solver extends LabRule>(rules: readonly Solver[]): readonly Solver[] {
  const wishes = [
    ({ eta }: LabRule) => eta === 0,
    ({ steps }: LabRule) => steps <= mostSteps,
    ({ solver }: LabRule) => solver !== 'leapfrog',
  ]
  return wishes.reduce<readonly Solver[]>((left, wish) => {
    const fulfilled = left.filter(wish)
    return fulfilled.length > 0 ? fulfilled : left
  }, rules)
}

/** The rule that brought the pictures back best, among those that figures may be drawn by. */
export function chooseFigureRule(cells: readonly LabCell[]): LabRule {
  const { solver, nodes, steps, eta } = candidates(cells).reduce((best, cell) =>
    cell.mse < best.mse ? cell : best,
  )
  return { solver, nodes, steps, eta }
}

/** What the figures' rule will be as far as price goes, before anything is measured. */
export function expectFigureRule(cells: readonly LabRule[]): LabRule {
  return candidates(cells).reduce((dearest, cell) =>
    roundTripEvaluations(cell) > roundTripEvaluations(dearest) ? cell : dearest,
  )
}
