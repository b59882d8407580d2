import { expect, it } from 'vitest'
import { toFailure } from '#shared/errors'
import { latentSourceOf, type PictureLatentOptions } from '../../../src/cli/options'
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
