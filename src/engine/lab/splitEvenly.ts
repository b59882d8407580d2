/**
 * Splits items into groups of at most `largest`, as even as possible, so that there are only two sizes: a
 * runtime session is created for each size.
 */
export function splitEvenly<Item>(items: readonly Item[], largest: number): Item[][] {
  const count = Math.ceil(items.length / largest)
  const boundary = (group: number) => Math.floor((group * items.length) / count)
  return Array.from({ length: count }, (_, group) => items.slice(boundary(group), boundary(group + 1)))
}
