import { expect, it } from 'vitest'
import { describeLatent } from '../../../src/cli/output'
import { sampleReport } from '../engine/latent/sampleLatent'

const forecast = { mse: 4e-4, enoughSteps: 20 }
const warning = 'This picture needs more steps: 20 should hold 40 dB.'

it('warns of a picture that needs more steps before it was decoded', () => {
  expect(describeLatent({ ...sampleReport, fidelity: null, forecast })).toContain(warning)
})

it('leaves the forecast when the picture is known to come back well', () => {
  const fidelity = { mse: 9e-5, psnr: 40.5, ssim: 0.99 }
  expect(describeLatent({ ...sampleReport, fidelity, forecast })).not.toContain('needs more steps')
  const poor = { mse: 2e-4, psnr: 37, ssim: 0.98 }
  expect(describeLatent({ ...sampleReport, fidelity: poor, forecast })).toContain(warning)
})

it('tells what changed nothing while it was encoded', () => {
  const encodeWarning = 'Loosening by 2% changes nothing.'
  expect(describeLatent({ ...sampleReport, encodeWarning })).toContain(encodeWarning)
})

it('says nothing where no more steps are needed', () => {
  expect(describeLatent({ ...sampleReport, fidelity: null })).not.toContain('needs more steps')
})
