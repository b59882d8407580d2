import { expect, it } from 'vitest'
import { integerOfText } from '../../../../src/renderer/lab/integerOfText'

it.each([
  ['1', 1],
  [' 999 ', 999],
  ['0', null],
  ['1000', null],
  ['2.5', null],
  ['ten', null],
  ['  ', null],
])('reads %j as %j', (text, expected) => {
  expect(integerOfText(text, 1, 999)).toBe(expected)
})
