/** The ways to sort a library. */
export const librarySorts = [
  { id: 'added', title: 'Order added' },
  { id: 'newest', title: 'Newest first' },
  { id: 'name', title: 'Name' },
] as const
export type LibrarySort = (typeof librarySorts)[number]['id']

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/**
 * Returns the items that match a search, sorted. An item matches if each word of the query occurs in its name
 * or file name, ignoring case and accents. The input is in the order added.
 */
export function arrangeItems<One extends { readonly name: string }>(
  items: readonly One[],
  { query, sort, fileNameOf }: { query: string; sort: LibrarySort; fileNameOf: (item: One) => string },
): readonly One[] {
  const words = plain(query).split(/\s+/).filter(Boolean)
  const found = items.filter((item) => {
    const text = plain(`${item.name} ${fileNameOf(item)}`)
    return words.every((word) => text.includes(word))
  })
  if (sort === 'newest') return found.reverse()
  return sort === 'name' ? found.sort((a, b) => collator.compare(a.name, b.name)) : found
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
