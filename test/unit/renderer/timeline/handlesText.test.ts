import { expect, it } from 'vitest'
import { readHandles, writeHandles } from '../../../../src/renderer/timeline/handlesText'

it.each([
  '0.42, 0, 0.58, 1',
  '0.42,0,0.58,1',
  'cubic-bezier(.42, 0, .58, 1)',
  '0.42 0 0.58 1',
  '0,42; 0; 0,58; 1',
  '0,42 0 0,58 1',
  '0,42, 0, 0,58, 1',
  'cubic-bezier(0.42, 0, 0.58, 1);',
  '4.2e-1, 0, 0.58, 1e0',
])('reads %s', (text) => {
  expect(readHandles(text)).toEqual([0.42, 0, 0.58, 1])
})

it.each([
  ['that go past a stop', 'cubic-bezier(0.68, -0.55, 0.27, 1.55)'],
  ['that are too few', '0.1, 0.2, 0.3'],
  ['that are too many', '0.1, 0.2, 0.3, 0.4, 0.5'],
  ['whose decimal commas might separate numbers', '0,42,0,0,58,1'],
  ['that are none', 'ease-in'],
  ['between which other text stands', 'a0.1b0.2c0.3d0.4'],
  ['that are not all numbers', '0.1, 0.2, 0.3, 1px'],
  ['whose exponent has no digits', '0.1, 0.2, 0.3, 1e'],
])('refuses handles %s', (_, text) => {
  expect(readHandles(text)).toBeNull()
})

it('writes what it reads', () => {
  expect(writeHandles([0.42, 0, 0.58, 1])).toBe('0.42, 0.00, 0.58, 1.00')
})
