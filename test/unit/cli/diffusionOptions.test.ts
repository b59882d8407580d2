import { Command } from 'commander'
import { expect, it } from 'vitest'
import {
  addDiffusionOptions,
  addDepthOptions,
  decodeSettingsOf,
  withPresetSteps,
  type Settled,
} from '../../../src/cli/diffusionOptions'
import type { EngineCall } from '../../../src/cli/engineCall'
import type { Installation } from '../../../src/cli/installation'
import { addPictureLatentOptions, type PictureLatentOptions } from '../../../src/cli/pictureOptions'

const options = { steps: 2, fit: 'cover' } as Settled<PictureLatentOptions>

it.each([
  ['decode and sample', addDiffusionOptions],
  ['encode, morph and grid', addPictureLatentOptions],
  ['lab', addDepthOptions],
])('%s: accepts --end and --clip (would catch a command without them)', (_, addOptions) => {
  const command = addOptions(new Command()).parse(['--end', '700', '--clip'], { from: 'user' })
  expect(command.opts()).toMatchObject({ end: 700, clip: true })
})

it('--clip is passed on to decoding (would catch a flag without effect)', () => {
  expect(decodeSettingsOf({ ...options, clip: true }).clip).toBe(true)
  expect(decodeSettingsOf(options).clip).toBe(false)
})

it.each([
  { model: 'of pixels', autoencoder: null, steps: 50 },
  { model: 'with an autoencoder', autoencoder: {}, steps: 16 },
])('a model $model uses $steps steps unless --steps gives another number', async ({ autoencoder, steps }) => {
  const asked: string[] = []
  const call = ((route: string) => {
    asked.push(route)
    return Promise.resolve({ autoencoder })
  }) as unknown as EngineCall
  const installation = { resources: '/nowhere' } as Installation
  const parse = (...args: string[]) =>
    addDiffusionOptions(new Command()).parse(args, { from: 'user' }).opts<PictureLatentOptions>()
  expect(await withPresetSteps(call, installation, parse())).toMatchObject({ steps })
  expect(await withPresetSteps(call, installation, parse('--steps', '7'))).toMatchObject({ steps: 7 })
  expect(asked).toEqual(['model.headers'])
})
