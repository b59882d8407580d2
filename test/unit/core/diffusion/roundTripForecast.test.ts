import { describe, expect, it } from 'vitest'
import { forecastRoundTrip, warnOfRoundTrip, type RoundTripForecast } from '#core/diffusion/roundTripForecast'

it('forecastRoundTrip suggests no more steps when 40 dB is all but certain, and more steps just above that error', () => {
  expect(forecastRoundTrip(2.4e-5, 20, 999)).toEqual({ mse: 2.4e-5, enoughSteps: null })
  expect(forecastRoundTrip(2.6e-5, 20, 999)?.enoughSteps).toBe(25)
})

it('forecastRoundTrip suggests twice the steps for an error up to 16 times too large, and rounds up to multiples of five', () => {
  expect(forecastRoundTrip(3.9e-4, 10, 999)?.enoughSteps).toBe(20)
  expect(forecastRoundTrip(4.1e-4, 10, 999)?.enoughSteps).toBe(25)
})

it('forecastRoundTrip returns null when the expected error is unknown', () => {
  expect(forecastRoundTrip(undefined, 10, 999)).toBeNull()
})

it('forecastRoundTrip suggests no more steps than the schedule has, and says when all of them are too few', () => {
  // Four times the error over 1e-4 is 400, whose fourth root is 4.5: 4,473 steps.
  expect(forecastRoundTrip(1e-2, 1000, 999)).toMatchObject({ outOfReach: true })
  // One step more than 998, not the next multiple of five.
  expect(forecastRoundTrip(2.5e-5 * 1.0001, 998, 999)).toEqual({ mse: 2.5e-5 * 1.0001, enoughSteps: 999 })
})

describe('the warning about a round trip', () => {
  const forecast = { mse: 1e-4, enoughSteps: 35 }
  const measured = (psnr: number) => ({ psnr, mse: 10 ** (-psnr / 10) })
  const warn = (psnr: number | null, steps = 20, of: RoundTripForecast | null = forecast) =>
    warnOfRoundTrip({ forecast: of, fidelity: psnr === null ? null : measured(psnr), encode: { steps } })

  it('names a number of steps while nothing contradicts it', () => {
    expect(warn(null)).toMatch(/more steps: about 35/)
    // 38 dB is an error of 1.6e-4, near the expected one.
    expect(warn(38)).toMatch(/more steps: about 35/)
  })

  it('names Exact and no number for an error far above the expected one (would catch "60 should hold 40 dB" of a picture that 60 give 22.6 dB)', () => {
    expect(warn(30)).toMatch(/Exact preset/)
    expect(warn(30)).not.toMatch(/\d/)
  })

  it('names Exact for a picture that many steps leave below 40 dB, whatever was expected (would catch no warning at 13 dB)', () => {
    const unsuspecting = { mse: 1e-7, enoughSteps: null }
    expect(warn(13, 100, unsuspecting)).toMatch(/Exact preset/)
    expect(warn(38, 50)).toMatch(/Exact preset/)
  })

  it('names Exact when the schedule has not as many steps as it would take (would catch "about 4475" of 1,000)', () => {
    const warning = warn(null, 1000, forecastRoundTrip(1e-2, 1000, 1000))
    expect(warning).toMatch(/Exact preset/)
    expect(warning).not.toMatch(/4475/)
  })

  it('is omitted when the measured PSNR reaches 40 dB, the forecast is missing or the steps are enough', () => {
    expect(warn(40)).toBeNull()
    expect(warn(20, 20, null)).toBeNull()
    expect(warn(null, 20, { mse: 1e-6, enoughSteps: null })).toBeNull()
  })
})
