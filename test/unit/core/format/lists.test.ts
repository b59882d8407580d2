import { expect, it } from 'vitest'
import { joinNames, nameSome } from '#core/format/lists'

it('puts the word before the last name alone', () => {
  expect(joinNames([])).toBe('')
  expect(joinNames(['a'])).toBe('a')
  expect(joinNames(['a', 'b'], 'or')).toBe('a or b')
  expect(joinNames(['a', 'b', 'c'])).toBe('a, b and c')
})

it('counts only names that it does not list', () => {
  expect(nameSome(['a', 'b'], 2)).toBe('a, b')
  expect(nameSome(['a', 'b', 'c'], 2)).toBe('a, b and 1 more')
  expect(nameSome([3, 5, 7], 1)).toBe('3 and 2 more')
})
