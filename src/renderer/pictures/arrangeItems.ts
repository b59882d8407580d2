/** How a library is sorted. */
export const librarySorts = [
  { id: 'added', title: 'Order added' },
  { id: 'newest', title: 'Newest first' },
  { id: 'name', title: 'Name' },
] as const
export type LibrarySort = (typeof librarySorts)[number]['id']

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/**
 * The items that a search finds, sorted. An item is found when its name or that of its file contains every word of the
 * query, whatever the case and the accents. Items come in the order added.
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
