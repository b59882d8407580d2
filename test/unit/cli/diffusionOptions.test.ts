import { Command } from 'commander'
import { expect, it } from 'vitest'
import {
  addEndOptions,
  addDiffusionOptions,
  decodeSettingsOf,
  type DiffusionOptions,
} from '../../../src/cli/diffusionOptions'
import { whatWasNotGiven } from '../../../src/cli/commands/decode'
import { addPictureLatentOptions, type PictureLatentOptions } from '../../../src/cli/pictureOptions'

const options = { steps: 2, fit: 'cover' } as PictureLatentOptions

it.each([
  ['decode and sample', addDiffusionOptions],
  ['encode, morph and grid', addPictureLatentOptions],
  ['lab', addEndOptions],
])('%s: accepts --end and --clip (would catch a command without them)', (_, addOptions) => {
  const command = addOptions(new Command()).parse(['--end', '700', '--clip'], { from: 'user' })
  expect(command.opts()).toMatchObject({ end: 700, clip: true })
})

it('--clip is passed on to decoding (would catch a flag without effect)', () => {
  expect(decodeSettingsOf({ ...options, clip: true }).clip).toBe(true)
  expect(decodeSettingsOf(options).clip).toBe(false)
})

/** Parses a command line as a command with an action does. */
function parse(...args: string[]) {
  const command = addDiffusionOptions(new Command()).action(() => undefined)
  command.parse(args, { from: 'user' })
  return command
}

/** The settings that a latent of this trajectory is decoded with. */
function decodingOf(settings: Parameters<typeof whatWasNotGiven>[1], ...args: string[]) {
  const command = parse(...args)
  const decode = decodeSettingsOf({
    ...command.opts<DiffusionOptions>(),
    ...whatWasNotGiven(command, settings),
  })
  const { timestepSpacing, steps, timesteps } = decode
  return { timestepSpacing, steps, timesteps }
}

const listed = { solver: 'ddim', timestepSpacing: 'given', steps: 2, timesteps: [300, 999] } as const
const even = { solver: 'ddim', timestepSpacing: 'linear', steps: 10 } as const

it('refuses --timesteps with a spacing that takes none (would catch a list that only sets the number of steps)', () => {
  const opts = parse('--timesteps', '100,999', '--timestep-spacing', 'linear').opts<DiffusionOptions>()
  expect(() => decodeSettingsOf(opts)).toThrow(/linear takes no --timesteps.*--timestep-spacing given/)
  expect(() => decodingOf(even, '--timesteps', '100,999')).toThrow(/linear takes no --timesteps/)
})

it('refuses --steps of another length than --timesteps', () => {
  const list = ['--timestep-spacing', 'given', '--timesteps', '100,999']
  expect(() => parse(...list, '--steps', '3')).toThrow(/lists 2 timesteps and --steps asks for 3/)
  expect(decodeSettingsOf(parse(...list, '--steps', '2').opts())).toMatchObject({ steps: 2 })
})

it('decodes a latent with the timesteps it was encoded with, unless the command line chooses others', () => {
  expect(decodingOf(listed)).toEqual({ timestepSpacing: 'given', steps: 2, timesteps: [300, 999] })
  expect(decodingOf(even)).toEqual({ timestepSpacing: 'linear', steps: 10, timesteps: undefined })
  const list = ['--timestep-spacing', 'given', '--timesteps', '100,500,999']
  const asListed = { timestepSpacing: 'given', steps: 3, timesteps: [100, 500, 999] }
  for (const settings of [even, listed]) expect(decodingOf(settings, ...list)).toEqual(asListed)
  expect(decodingOf(listed, '--timesteps', '100,500,999')).toEqual(asListed)
  expect(decodingOf(listed, '--timesteps', '100,500,999', '--steps', '3')).toEqual(asListed)
  // A list of two timesteps cannot give twenty steps, so the spacing is the default again.
  expect(decodingOf(listed, '--steps', '20')).toEqual({
    timestepSpacing: 'karras',
    steps: 20,
    timesteps: undefined,
  })
  expect(decodingOf(listed, '--steps', '20', '--timestep-spacing', 'karras')).toEqual({
    timestepSpacing: 'karras',
    steps: 20,
    timesteps: undefined,
  })
})
