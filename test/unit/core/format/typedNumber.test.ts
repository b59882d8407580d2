import { describe, expect, it } from 'vitest'
import { describeRange, readNumber } from '../../../../src/core/format/typedNumber'

const whole = { min: 0, max: 1e6, whole: true }
const real = { min: -100, max: 1e6, whole: false }

describe('a whole number', () => {
  it.each([
    ['24', 24],
    [' 24 ', 24],
    ['1e3', 1000],
    ['1.5e3', 1500],
    ['2.0', 2],
    ['1,000', 1000],
    ['1,000,000', 1_000_000],
    ['+7', 7],
  ])('%j is %d (would catch 1e3 that becomes 13)', (text, expected) => {
    expect(readNumber(text, whole)).toBe(expected)
  })

  it.each([
    '',
    '  ',
    '-5',
    '−5',
    '2.5',
    '1,5',
    '1,00',
    '1 2',
    '12px',
    '1e',
    'e3',
    '0x10',
    '1e7',
    '1e400',
    '3-1',
  ])(
    '%j is none (would catch characters that are dropped: -5 that becomes 5, 1,5 that becomes 15)',
    (text) => {
      expect(readNumber(text, whole)).toBeNull()
    },
  )

  it('is refused rather than rounded if it has more digits than a number can hold', () => {
    const seeds = { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true }
    expect(readNumber('9007199254740991', seeds)).toBe(Number.MAX_SAFE_INTEGER)
    expect(readNumber('9007199254740993', seeds)).toBeNull()
  })
})

describe('a number with decimals', () => {
  it.each([
    ['0.5', 0.5],
    ['.5', 0.5],
    ['-0.5', -0.5],
    ['−0,5', -0.5],
    ['29,97', 29.97],
    ['1e-1', 0.1],
    ['0,125', 0.125],
    ['1,000', 1000],
    ['1,000.5', 1000.5],
    ['12,500', 12_500],
  ])('%j is %d (would catch 29,97 that becomes 2997)', (text, expected) => {
    expect(readNumber(text, real)).toBe(expected)
  })

  it('has a decimal comma where thousands would be too many (would catch 23,976 fps that are refused)', () => {
    expect(readNumber('23,976', { min: 0.1, max: 120, whole: false })).toBe(23.976)
  })

  it.each(['1,2,3', '1.2.3', '1,000,5', '24 fps', 'NaN', 'Infinity', '-101', '--1'])('%j is none', (text) => {
    expect(readNumber(text, real)).toBeNull()
  })
})

it.each([
  [{ min: 1, max: 100_000, whole: true }, 'a whole number from 1 to 100,000'],
  [{ min: 0.1, max: 120, whole: false }, 'a number from 0.1 to 120'],
  [{ min: -100, max: 100, whole: false }, 'a number from −100 to 100'],
])('says what is accepted', (range, sentence) => {
  expect(describeRange(range)).toBe(sentence)
})
