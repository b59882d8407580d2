import { linearCombination } from '#core/diffusion/linearCombination'
import { concatenate, createTensor, itemsOf, type Tensor } from '#core/diffusion/tensor'

/**
 * The inputs of a network besides a state and its timestep: tensors [N, …], one row per item of the batch, by the
 * network's names for them. Solvers treat it as opaque.
 */
export type Condition = Readonly<Record<string, Tensor>>

/** The condition of networks that take none. */
export const unconditional: Condition = {}

/** Returns items `from` to, but not including, `to` of a batch's condition, without copying. */
export function conditionOfItems(condition: Condition, from: number, to: number): Condition {
  return mapCondition(condition, (tensor) => itemsOf(tensor, from, to))
}

/** Joins the conditions of single items into that of a batch, by copying. */
export function stackConditions(conditions: readonly Condition[]): Condition {
  return mapCondition(conditions[0], (_, name) => concatenate(conditions.map((one) => one[name])))
}

/** Mixes conditions linearly, which is the usual way to mix embeddings. */
export function mixConditions(conditions: readonly Condition[], weights: readonly number[]): Condition {
  return mapCondition(conditions[0], (first, name) => {
    const tensors = conditions.map((one) => one[name])
    return linearCombination(weights, tensors, createTensor(first.shape))
  })
}

function mapCondition(condition: Condition, map: (tensor: Tensor, name: string) => Tensor): Condition {
  return Object.fromEntries(Object.entries(condition).map(([name, tensor]) => [name, map(tensor, name)]))
}
