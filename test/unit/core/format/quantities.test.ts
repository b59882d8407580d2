import { describe, expect, it } from 'vitest'
import {
  describeEstimate,
  formatBytes,
  formatCount,
  formatDuration,
  formatEstimate,
  formatMeanPsnr,
  formatMilliseconds,
  formatNumber,
  formatPsnr,
  formatSigned,
  formatStatistic,
  plural,
} from '#core/format/quantities'

describe('formatted quantities', () => {
  it('agree with their nouns (would catch “1 frames”)', () => {
    expect([0, 1, 2].map((count) => plural(count, 'frame'))).toEqual(['frames', 'frame', 'frames'])
    expect([1, 2].map((count) => plural(count, 'repository', 'repositories'))).toEqual([
      'repository',
      'repositories',
    ])
  })

  it('keep the significant digits of small errors', () => {
    expect(formatNumber(1.94e-5)).toBe('1.9e-5')
    expect(formatNumber(0.01234)).toBe('0.0123')
    expect(formatNumber(0)).toBe('0')
    expect(formatSigned(-0.21)).toBe('−0.210')
    expect([-0.0001, 0, 0.0001].map(formatSigned)).toEqual(['0.000', '0.000', '0.000'])
  })

  it('use the customary unit for each size, duration and count', () => {
    expect([999, 1500, 483_000, 25_000_000].map(formatBytes)).toEqual(['999 B', '1.5 kB', '483 kB', '25 MB'])
    expect([0.2, 75, 600, 9000].map(formatEstimate)).toEqual(['< 1 s', '75 s', '10 min', '2.5 h'])
    expect([0.2, 75].map(describeEstimate)).toEqual(['less than 1 s', 'about 75 s'])
    expect([0.49, 9, 280.4].map(formatMilliseconds)).toEqual(['0.49 ms', '9.0 ms', '280 ms'])
    expect(formatCount(10_560)).toBe('10,560')
  })

  it('show whole numbers of more digits in full (would catch "1.23e+3" for 1234)', () => {
    expect([123.4, 999.6, 1234, 56_789].map((value) => formatNumber(value))).toEqual([
      '123',
      '1000',
      '1234',
      '56789',
    ])
    expect(formatNumber(123_456)).toBe('1.2e5')
    expect(formatNumber(0.996, 2)).toBe('1.0')
  })

  it('take the next unit once a size is rounded up to it (would catch "1000 kB" and "10.0 MB")', () => {
    expect([999_499, 999_999, 9_960_000, 10 ** 15].map(formatBytes)).toEqual([
      '999 kB',
      '1.0 MB',
      '10 MB',
      '1000 TB',
    ])
  })

  it('never show 60 seconds next to minutes (would catch rounding after the split into minutes)', () => {
    expect([3.21, 9.96, 59.7, 119.7].map(formatDuration)).toEqual(['3.2 s', '10 s', '1 min 0 s', '2 min 0 s'])
  })

  it('count long durations in hours (would catch “312 min 4 s”)', () => {
    const durations = [3599.4, 3599.6, 18_724, 7199]
    expect(durations.map(formatDuration)).toEqual(['59 min 59 s', '1 h 0 min', '5 h 12 min', '2 h 0 min'])
  })

  it('show "identical" instead of "Infinity dB"', () => {
    expect(formatPsnr(Infinity)).toBe('identical')
    expect(formatPsnr(34.06)).toBe('34.1 dB')
    expect(formatMeanPsnr({ psnr: Infinity, exact: 2 })).toBe('identical')
    expect(formatMeanPsnr({ psnr: 34.06, exact: 0 })).toBe('34.1 dB')
    expect(formatMeanPsnr({ psnr: 34.06, exact: 2 }, (psnr) => psnr.toFixed(2))).toBe('34.06, 2 exact')
  })
})

it('formats a statistic in a few characters, however large it is (would catch 31 digits)', () => {
  expect(formatStatistic(0.9934)).toBe('0.993')
  expect(formatStatistic(-12.345, 2)).toBe('-12.35')
  expect(formatStatistic(1.0026999169446775e30)).toBe('1.0e30')
})
