import { Command } from 'commander'
import { expect, it } from 'vitest'
import { solverIds } from '#core/diffusion/solvers/registry'
import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { addEncodingOptions } from '../../../src/cli/diffusionOptions'

/** The help as one line, however it is wrapped. */
function helpOf(command: Command): string {
  return command.helpInformation().replace(/\s+/g, ' ')
}

it('offers every solver and every timestep spacing (would catch one that only the window has)', () => {
  const help = helpOf(addEncodingOptions(new Command('encode')))
  for (const id of [...solverIds, ...timestepSpacingIds]) expect(help).toContain(`"${id}"`)
})

it('mentions no option under its old name', () => {
  const help = helpOf(addEncodingOptions(new Command('encode')))
  for (const old of ['--nodes', '--terminal', '--label']) expect(help).not.toContain(old)
})
