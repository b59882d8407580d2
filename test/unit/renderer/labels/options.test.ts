import { expect, it } from 'vitest'
import { solvers } from '#core/diffusion/solvers/registry'
import { timestepSpacings } from '#core/diffusion/timestepSpacings/registry'
import { solverOptions, timestepSpacingOptions } from '../../../../src/renderer/labels/options'

it('offers every solver, and every timestep spacing that needs no list (would catch an option missing from the window)', () => {
  expect(solverOptions.map(({ value, label }) => [value, label])).toEqual(
    solvers.map(({ id, title }) => [id, title]),
  )
  expect(timestepSpacingOptions.map(({ value }) => value)).toEqual(
    timestepSpacings.filter(({ takesTimesteps }) => !takesTimesteps).map(({ id }) => id),
  )
})
