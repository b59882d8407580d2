import { sizeOf } from '#core/diffusion/tensor'
import type { Value } from './graphWriter'
import { concat, split } from './operators'
import type { Scope } from './Scope'

/** The most that the attention weights of one picture may take at once, in bytes. */
const weightBytes = 64 * 2 ** 20

/** More would make graphs that take longer to open than to evaluate; attention that is larger still takes the memory it takes. */
const mostSlices = 64

/** What a slice of attention is made of. */
export interface SlicedAttention {
  /** [N, heads, …]: one axis of it are the positions that look. */
  readonly query: Value
  /** That axis, of queries and answers alike. */
  readonly axis: number
  /** How many positions are looked at. */
  readonly seen: number
}

/**
 * Attention of so many positions at a time that the weights between all pairs of positions never lie in memory at once:
 * at 64 x 64 positions, 8 heads have 512 MiB of them. Each position's weights sum to one by themselves, so slices
 * change nothing (Rabe and Staats 2021, section 2).
 *
 * @param attend  the answer for some of the queries
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

/** The fewest equal parts of a length that are small enough, or as many as there may be. */
function slicesOf(length: number, isSmall: (part: number) => boolean): number {
  const counts = Array.from({ length: mostSlices }, (_, i) => i + 1).filter((parts) => length % parts === 0)
  return counts.find((parts) => isSmall(length / parts)) ?? counts.at(-1)!
}
