import type { FramePlan } from '#shared/settings'
import { gridPosition, pathPosition } from '#core/timeline/timeline'
import { type Condition, mixConditions } from '../model/network/condition'

/**
 * What frame `index` is decoded on: the conditions of its stops, mixed linearly at the place where their latents are
 * mixed.
 *
 * @param conditions  of the plan's sources, in their order
 * @throws RangeError when there is no such frame
 */
export function conditionOfFrame(
  plan: FramePlan,
  conditions: readonly Condition[],
  index: number,
): Condition {
  if (plan.kind === 'list') return conditions[index]
  if (plan.kind === 'path') {
    const { from, to, fraction } = pathPosition(plan, index)
    return mixConditions([conditions[from], conditions[to]], [1 - fraction, fraction])
  }
  const { across, down } = gridPosition(plan, index)
  const weights = [(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down]
  return mixConditions(conditions, weights)
}
