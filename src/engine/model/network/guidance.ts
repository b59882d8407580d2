import { linearCombination } from '#core/diffusion/linearCombination'
import type { Tensor } from '#core/diffusion/tensor'
import type { Condition } from './condition'

/** The prefix for the names of the condition that guidance starts from. */
const sourcePrefix = 'source '

/** Combines the decoding condition and the one that guidance starts from, to be mixed along a path as one. */
export function joinGuidance(target: Condition, source: Condition): Condition {
  const named = Object.entries(source).map(([name, tensor]) => [`${sourcePrefix}${name}`, tensor] as const)
  return { ...target, ...Object.fromEntries(named) }
}

/** Splits what {@link joinGuidance} combined; the source is null for a condition without one. */
export function splitGuidance(condition: Condition): { target: Condition; source: Condition | null } {
  const entries = Object.entries(condition)
  const isSource = ([name]: readonly [string, Tensor]) => name.startsWith(sourcePrefix)
  const sources = entries.filter(isSource)
  const target = Object.fromEntries(entries.filter((entry) => !isSource(entry)))
  if (sources.length === 0) return { target, source: null }
  const source = sources.map(([name, tensor]) => [name.slice(sourcePrefix.length), tensor] as const)
  return { target, source: Object.fromEntries(source) }
}

/** Returns the condition for encoding: guidance has no reliable inverse, so encoding uses none. */
export function encodingCondition(condition: Condition): Condition {
  const { target, source } = splitGuidance(condition)
  return source ?? target
}

/** Returns whether two conditions are equal, in which case guidance from one to the other has no effect. */
export function isSameCondition(a: Condition, b: Condition): boolean {
  return Object.entries(a).every(([name, { data }]) => data.every((value, i) => value === b[name].data[i]))
}

/**
 * Returns e = e_source + w (e_target - e_source) (Ho and Salimans 2022, eq. 6, with any source instead of
 * none; with the source that a picture was encoded with, the negative-prompt inversion of Miyake et al.
 * 2023).
 *
 * @param out  written and returned; may be the target, which is no longer needed
 */
export function guide(source: Tensor, target: Tensor, weight: number, out: Tensor): Tensor {
  return linearCombination([1 - weight, weight], [source, target], out)
}
