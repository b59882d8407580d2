import { expect, it } from 'vitest'
import { solverSettingsName } from '#core/format/solverNames'

it('solverSettingsName joins the display names of solver and spacing with eta and the number of steps', () => {
  expect(solverSettingsName({ solver: 'ddim', timestepSpacing: 'logSnr', steps: 20, eta: 0.2 })).toBe(
    'DDIM · Log-SNR · η 0.2 · S 20',
  )
})
