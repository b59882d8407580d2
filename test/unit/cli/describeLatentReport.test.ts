import { expect, it } from 'vitest'
import { describeLatentReport } from '../../../src/cli/output'
import { sampleReport } from '../engine/latent/sampleLatent'

const forecast = { mse: 4e-4, enoughSteps: 20 }
const warning = 'This picture may need more steps: about 20.'

it('warns that a picture needs more steps, even before it is decoded', () => {
  expect(describeLatentReport({ ...sampleReport, fidelity: null, forecast })).toContain(warning)
})

it('omits the warning about steps when the measured fidelity is good, and keeps it when it is poor', () => {
  const fidelity = { mse: 9e-5, psnr: 40.5, ssim: 0.99 }
  expect(describeLatentReport({ ...sampleReport, fidelity, forecast })).not.toContain('more steps')
  const poor = { mse: 2e-4, psnr: 37, ssim: 0.98 }
  const encode = { ...sampleReport.encode!, steps: 20 }
  expect(describeLatentReport({ ...sampleReport, encode, fidelity: poor, forecast })).toContain(warning)
})

it('includes the warning that an encode option changed nothing', () => {
  const encodeWarning = 'Loosening by 2% changes nothing.'
  expect(describeLatentReport({ ...sampleReport, encodeWarning })).toContain(encodeWarning)
})

it('gives no warning about steps when no more are needed', () => {
  expect(describeLatentReport({ ...sampleReport, fidelity: null })).not.toContain('more steps')
})
