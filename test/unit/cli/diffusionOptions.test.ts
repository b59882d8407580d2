import { Command } from 'commander'
import { expect, it } from 'vitest'
import { addDiffusionOptions, addDepthOptions, decodeSettingsOf } from '../../../src/cli/diffusionOptions'
import { addPictureLatentOptions, type PictureLatentOptions } from '../../../src/cli/pictureOptions'

const options = { steps: 2, fit: 'cover' } as PictureLatentOptions

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
