import { describe, expect, it } from 'vitest'
import { arrangeItems, type LibrarySort } from '../../../../src/renderer/pictures/arrangeItems'

const items = ['Pear 10', 'apple', 'Pear 9', 'Äpfel rot', 'Seed 3'].map((name, at) => ({
  name,
  file: `IMG_${at}.jpg`,
}))
const arrange = (query: string, sort: LibrarySort = 'added') =>
  arrangeItems(items, { query, sort, fileNameOf: ({ file }) => file }).map(({ name }) => name)

describe('arrangeItems', () => {
  it('matches all words in any order, ignoring case and accents, and also matches file names', () => {
    expect(arrange('')).toHaveLength(5)
    expect(arrange('PEAR')).toEqual(['Pear 10', 'Pear 9'])
    expect(arrange(' 9  pear ')).toEqual(['Pear 9'])
    expect(arrange('apfel')).toEqual(['Äpfel rot'])
    expect(arrange('img_4')).toEqual(['Seed 3'])
    expect(arrange('plum')).toEqual([])
  })

  it('sorts numbers within names as numbers, and leaves its input unchanged', () => {
    const before = [...items]
    expect(arrange('pear', 'name')).toEqual(['Pear 9', 'Pear 10'])
    expect(arrange('', 'newest')).toEqual(items.map(({ name }) => name).reverse())
    expect(items).toEqual(before)
  })
})
