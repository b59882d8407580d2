import { expect, it } from 'vitest'
import { solvers } from '#core/diffusion/solvers/registry'
import { timestepSpacings } from '#core/diffusion/timestepSpacings/registry'
import {
  solverOptions,
  spacingOptionsWith,
  timestepSpacingOptions,
} from '../../../../src/renderer/labels/options'

it('offers every solver, and every timestep spacing that needs no list (would catch an option missing from the window)', () => {
  expect(solverOptions.map(({ value, label }) => [value, label])).toEqual(
    solvers.map(({ id, title }) => [id, title]),
  )
  expect(timestepSpacingOptions.map(({ value }) => value)).toEqual(
    timestepSpacings.filter(({ takesTimesteps }) => !takesTimesteps).map(({ id }) => id),
  )
})

it('offers a spacing that takes a list only while it is in use (would catch an empty select for a project from the command line)', () => {
  const offered = (used: Parameters<typeof spacingOptionsWith>[0]) =>
    spacingOptionsWith(used).map(({ value }) => value)
  const usual = timestepSpacingOptions.map(({ value }) => value)
  expect(offered('karras')).toEqual(usual)
  expect(offered('given')).toEqual([...usual, 'given'])
})
