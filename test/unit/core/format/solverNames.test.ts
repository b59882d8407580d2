import { expect, it } from 'vitest'
import { solverSettingsName } from '#core/format/solverNames'

it('names a rule as people do', () => {
  expect(solverSettingsName({ solver: 'ddim', timestepSpacing: 'logSnr', steps: 20, eta: 0.2 })).toBe(
    'DDIM · Log-SNR · η 0.2 · S 20',
  )
})
