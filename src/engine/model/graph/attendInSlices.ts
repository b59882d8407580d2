import { sizeOf } from '#core/diffusion/tensor'
import type { Value } from './graphWriter'
import { concat, split } from './operators'
import type { Scope } from './Scope'

/** The most bytes that the attention weights of one picture may take at once. */
const weightBytes = 64 * 2 ** 20

/** More slices would take longer to open than to evaluate. Larger attention simply takes more memory. */
const mostSlices = 64

/** The operands of sliced attention. */
export interface SlicedAttention {
  /** [N, heads, …]; one of its axes holds the query positions. */
  readonly query: Value
  /** That axis, in queries and outputs alike. */
  readonly axis: number
  /** The number of key positions. */
  readonly seen: number
}

/**
 * Computes attention for a limited number of positions at a time, so that the weights between all pairs of
 * positions are never in memory at once: at 64 x 64 positions, those of 8 heads take 512 MiB. The weights of
 * each position sum to one independently, so slicing changes nothing (Rabe and Staats 2021, section 2).
 *
 * @param attend  returns the output for some of the queries
 */
export function attendInSlices(
  module: Scope,
  { query, axis, seen }: SlicedAttention,
  attend: (queries: Value) => Value,
): Value {
  const length = query.shape[axis]
  const heads = query.shape[1]
  const parts = slicesOf(length, (queries) => 4 * sizeOf([heads, queries, seen]) <= weightBytes)
  if (parts === 1) return attend(query)
  return concat(module, split(module, query, axis, parts).map(attend), axis)
}

/** Returns the smallest number of equal parts that are small enough, or the largest allowed number. */
function slicesOf(length: number, isSmall: (part: number) => boolean): number {
  const counts = Array.from({ length: mostSlices }, (_, i) => i + 1).filter((parts) => length % parts === 0)
  return counts.find((parts) => isSmall(length / parts)) ?? counts.at(-1)!
}
