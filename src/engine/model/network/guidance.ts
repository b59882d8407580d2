import { linearCombination } from '#core/diffusion/linearCombination'
import type { Tensor } from '#core/diffusion/tensor'
import type { Condition } from './condition'

/** In front of the names of what guidance starts from. */
const sourcePrefix = 'source '

/** One condition of two: what is decoded on, and what guidance starts from. Mixed along a path as one. */
export function joinGuidance(target: Condition, source: Condition): Condition {
  const named = Object.entries(source).map(([name, tensor]) => [`${sourcePrefix}${name}`, tensor] as const)
  return { ...target, ...Object.fromEntries(named) }
}

/** The two that {@link joinGuidance} made one of; the source is null for a condition without. */
export function splitGuidance(condition: Condition): { target: Condition; source: Condition | null } {
  const entries = Object.entries(condition)
  const isSource = ([name]: readonly [string, Tensor]) => name.startsWith(sourcePrefix)
  const sources = entries.filter(isSource)
  const target = Object.fromEntries(entries.filter((entry) => !isSource(entry)))
  if (sources.length === 0) return { target, source: null }
  const source = sources.map(([name, tensor]) => [name.slice(sourcePrefix.length), tensor] as const)
  return { target, source: Object.fromEntries(source) }
}

/** What a picture is encoded on: guidance has no inverse that could be trusted, so there is none on the way up. */
export function encodingCondition(condition: Condition): Condition {
  const { target, source } = splitGuidance(condition)
  return source ?? target
}

/** Whether two conditions show the same, so that guidance from one to the other leads nowhere. */
export function isSameCondition(a: Condition, b: Condition): boolean {
  return Object.entries(a).every(([name, { data }]) => data.every((value, i) => value === b[name].data[i]))
}

/**
 * e = e_source + w (e_target - e_source) (Ho and Salimans 2022, eq. 6, with any source in place of none; for the source
 * that a picture was encoded on, the negative-prompt inversion of Miyake et al. 2023).
 *
 * @param out  written and returned: the target's, which is no longer needed
 */
export function guide(source: Tensor, target: Tensor, weight: number, out: Tensor): Tensor {
  return linearCombination([1 - weight, weight], [source, target], out)
}
