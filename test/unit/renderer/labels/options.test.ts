import { expect, it } from 'vitest'
import { solvers } from '#core/diffusion/solvers/registry'
import { timestepSpacings } from '#core/diffusion/timestepSpacings/registry'
import {
  listExplanation,
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

it('names up to a dozen timesteps, and of more the first few and the last (would catch a list that floods the panel)', () => {
  const everyTenth = (count: number) => Array.from({ length: count }, (_, at) => 10 * at)
  expect(listExplanation(everyTenth(12))).toBe('The list: 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110.')
  expect(listExplanation(everyTenth(100))).toBe('The list: 0, 10, 20, 30, 40, 50, …, 990.')
})
