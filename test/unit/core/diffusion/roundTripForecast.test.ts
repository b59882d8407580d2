import { describe, expect, it } from 'vitest'
import { forecastRoundTrip, warnOfFewSteps } from '#core/diffusion/roundTripForecast'

it('asks for no more steps where 40 dB are all but certain', () => {
  expect(forecastRoundTrip(2.4e-5, 20)).toEqual({ mse: 2.4e-5, enoughSteps: null })
  expect(forecastRoundTrip(2.6e-5, 20)?.enoughSteps).toBe(25)
})

it('asks for twice the steps where the error may be 16 times too large, and a little more in fives', () => {
  expect(forecastRoundTrip(3.9e-4, 10)?.enoughSteps).toBe(20)
  expect(forecastRoundTrip(4.1e-4, 10)?.enoughSteps).toBe(25)
})

it('says nothing where nothing is expected', () => {
  expect(forecastRoundTrip(undefined, 10)).toBeNull()
})

describe('the warning of too few steps', () => {
  const poor = { mse: 1e-2, enoughSteps: 65 }

  it('names how many steps would do', () => {
    expect(warnOfFewSteps(poor, null)).toMatch(/needs more steps: 65 should hold 40 dB/)
    expect(warnOfFewSteps(poor, 39.9)).toMatch(/65/)
  })

  it('is not given against what was measured, nor without a forecast', () => {
    expect(warnOfFewSteps(poor, 40)).toBeNull()
    expect(warnOfFewSteps(null, 20)).toBeNull()
    expect(warnOfFewSteps({ mse: 1e-6, enoughSteps: null }, null)).toBeNull()
  })
})
