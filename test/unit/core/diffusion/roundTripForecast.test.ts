import { describe, expect, it } from 'vitest'
import { forecastRoundTrip, warnOfFewSteps } from '#core/diffusion/roundTripForecast'

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

describe('the warning about too few steps', () => {
  const poor = { mse: 1e-2, enoughSteps: 65 }

  it('names the number of steps that should be enough', () => {
    expect(warnOfFewSteps(poor, null)).toMatch(/needs more steps: 65 should hold 40 dB/)
    expect(warnOfFewSteps(poor, 39.9)).toMatch(/65/)
  })

  it('names the Exact preset when the schedule has not that many steps (would catch "4475 should hold 40 dB" of 1,000)', () => {
    const warning = warnOfFewSteps(forecastRoundTrip(1e-2, 1000, 1000), null)
    expect(warning).toMatch(/choose the Exact preset/)
    expect(warning).not.toMatch(/4475/)
  })

  it('is omitted when the measured PSNR reaches 40 dB, the forecast is missing or the steps are enough', () => {
    expect(warnOfFewSteps(poor, 40)).toBeNull()
    expect(warnOfFewSteps(null, 20)).toBeNull()
    expect(warnOfFewSteps({ mse: 1e-6, enoughSteps: null }, null)).toBeNull()
  })
})
