import { Command } from 'commander'
import { expect, it } from 'vitest'
import { toFailure } from '#shared/errors'
import {
  addCommonOptions,
  addDepthOptions,
  addPictureLatentOptions,
  decodeSettingsOf,
  latentSourceOf,
  type PictureLatentOptions,
} from '../../../src/cli/options'
import { exitCodeOf } from '../../../src/cli/terminal'

const options = { steps: 2, fit: 'cover' } as PictureLatentOptions

function failureOf(task: () => unknown) {
  try {
    task()
  } catch (thrown) {
    return toFailure(thrown)
  }
  throw new Error('It did not fail.')
}

it.each(['a.safetensors', 'folder/B.NPY'])(
  'refuses --restandardise for the latent file %s (would catch an unrepaired latent taken for a repaired one)',
  (path) => {
    const failure = failureOf(() => latentSourceOf(path, { ...options, restandardise: true }))
    expect(failure.code).toBe('BAD_INPUT')
    expect(failure.message).toMatch(new RegExp(`"${path}" is encoded already.*encode its picture with`))
    expect(exitCodeOf(failure)).toBe(2)
    expect(latentSourceOf(path, options)).toEqual({ kind: 'file', path })
  },
)

it('takes anything else for a picture, to be repaired where that is asked for', () => {
  const source = latentSourceOf('a.png', { ...options, restandardise: true })
  expect(source).toMatchObject({ kind: 'picture', picture: { path: 'a.png' }, restandardise: true })
})

it.each([
  ['decode and sample', addCommonOptions],
  ['encode, morph and grid', addPictureLatentOptions],
  ['lab', addDepthOptions],
])('%s take --end and --clip (would catch a command that knows neither)', (_, addOptions) => {
  const command = addOptions(new Command()).parse(['--end', '700', '--clip'], { from: 'user' })
  expect(command.opts()).toMatchObject({ end: 700, clip: true })
})

it('--end goes to pictures and to latent files, --clip to decoding (would catch a flag that changes nothing)', () => {
  const deep = { ...options, end: 700, clip: true }
  expect(latentSourceOf('a.png', deep)).toMatchObject({ encode: { endTimestep: 700 } })
  expect(latentSourceOf('a.npy', deep)).toMatchObject({ endTimestep: 700 })
  expect(decodeSettingsOf(deep).clip).toBe(true)
  expect(decodeSettingsOf(options).clip).toBe(false)
})
