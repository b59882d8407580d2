import { Command } from 'commander'
import { expect, it } from 'vitest'
import { solverIds } from '#core/diffusion/solvers/registry'
import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { addDecodeCommand } from '../../../src/cli/commands/decode'
import { addMergeCommand } from '../../../src/cli/commands/merge'
import { addVerifyCommand } from '../../../src/cli/commands/projectVerify'
import { addMorphCommand } from '../../../src/cli/commands/morph'
import { addRenderCommand } from '../../../src/cli/commands/render'
import { addWalkCommand } from '../../../src/cli/commands/walk'
import type { CommandEnvironment } from '../../../src/cli/installation'
import { addEncodingOptions } from '../../../src/cli/diffusionOptions'
import { threadsOfSlurm } from '../../../src/cli/modelOptions'

/** Returns the help as one line, however it is wrapped. */
function helpOf(command: Command): string {
  return command.helpInformation().replace(/\s+/g, ' ')
}

it('encode offers every solver and every timestep spacing (would catch a choice that only the window offers)', () => {
  const help = helpOf(addEncodingOptions(new Command('encode')))
  for (const id of [...solverIds, ...timestepSpacingIds]) expect(help).toContain(`"${id}"`)
})

it('the help mentions no option by its old name', () => {
  const help = helpOf(addEncodingOptions(new Command('encode')))
  for (const old of ['--nodes', '--terminal', '--label']) expect(help).not.toContain(old)
})

it('the help gives the project’s or latent’s own value as the default (would catch “default: 20”)', () => {
  const program = new Command()
  const installation = { root: '/nowhere' } as unknown as CommandEnvironment
  const adders = [addMergeCommand, addRenderCommand, addDecodeCommand, addVerifyCommand]
  for (const add of adders) add(program, installation)
  const [merge, render, decode, verify] = program.commands.map(helpOf)
  expect(merge).toContain('frames a second (default: that of the project, or 20 without one)')
  expect(render).toContain('frames a second (default: that of the project)')
  expect(merge).toContain('default: that of the project, or forever without one)')
  expect(render).toMatch(/how the animation repeats \(.*default: that of the project\)/)
  for (const help of [render, verify]) expect(help).toContain('bundled model (default: that of the project)')
  expect(decode).toMatch(/steps each way[^(]*\(default: that of the latent/)
})

it('the help of morph groups options under headings, its own and --help first (would catch an option under the wrong heading)', () => {
  const program = new Command()
  addMorphCommand(program, { root: '/nowhere' } as unknown as CommandEnvironment)
  const parts = program.commands[0].helpInformation().split(/^(\w[\w ]*):$/m)
  const flagsUnder = (heading: string) =>
    [...parts[parts.indexOf(heading) + 1].matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag)
  expect(parts.filter((_part, at) => at % 2 === 1)).toEqual([
    'Arguments',
    'Options',
    'Output',
    'Pictures',
    'Encoding and decoding',
    'Class and prompt',
    'Model',
    'Device',
    'Inference server',
  ])
  expect(flagsUnder('Options')).toEqual(expect.arrayContaining(['--frames', '--shard', '--json', '--help']))
  expect(flagsUnder('Encoding and decoding')).toEqual(expect.arrayContaining(['--steps', '--loosen']))
  expect(flagsUnder('Pictures')).toEqual(['--fit', '--background', '--crop', '--restandardise'])
  expect(flagsUnder('Device')).toEqual(['--threads', '--device', '--precision'])
})

it('walk takes no more frames than fit into memory, where each has a latent of its own', () => {
  const program = new Command().exitOverride()
  addWalkCommand(program, { root: '/nowhere' } as unknown as CommandEnvironment)
  program.commands[0].exitOverride().configureOutput({ writeErr: () => undefined })
  const walk = ['walk', 'seed:1', '--frames', '10001']
  expect(() => program.parse(walk, { from: 'user' })).toThrow(/from 2 to 10,?000/)
})

it.each([
  [{ SLURM_CPUS_PER_TASK: '4' }, 4],
  [{ SLURM_CPUS_PER_TASK: '288' }, 256],
  [{ SLURM_CPUS_PER_TASK: '' }, 0],
  [{}, 0],
])(
  'threads of %j are %i (would catch a node with many cores, and an empty variable, refused)',
  (environment, threads) => {
    expect(threadsOfSlurm(environment)).toBe(threads)
  },
)
