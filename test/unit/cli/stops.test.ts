import { expect, it } from 'vitest'
import { toFailure } from '#shared/errors'
import { latentSource } from '#shared/latentSource'
import type { Settled } from '../../../src/cli/diffusionOptions'
import type { PictureLatentOptions } from '../../../src/cli/pictureOptions'
import { latentSourceOf } from '../../../src/cli/stops'
import { exitCodeOf } from '../../../src/cli/exitCodes'

const options = {
  solver: 'ddim',
  timestepSpacing: 'linear',
  steps: 2,
  fit: 'cover',
} as Settled<PictureLatentOptions>

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
    expect(failure.message).toMatch(new RegExp(`"${path}" is already encoded.*encode its picture with`))
    expect(exitCodeOf(failure)).toBe(64)
    expect(latentSourceOf(path, options)).toEqual({ kind: 'file', path })
  },
)

it('takes anything else for a picture, to be repaired where that is asked for', () => {
  const source = latentSourceOf('a.png', { ...options, restandardise: true })
  expect(source).toMatchObject({ kind: 'picture', picture: { path: 'a.png' }, restandardise: true })
})

it('--end goes to pictures, latent files and seeds', () => {
  const deep = { ...options, end: 700 }
  expect(latentSourceOf('a.png', deep)).toMatchObject({ encode: { endTimestep: 700 } })
  expect(latentSourceOf('a.npy', deep)).toMatchObject({ endTimestep: 700 })
  expect(latentSourceOf('seed:7', deep)).toMatchObject({ endTimestep: 700 })
})

it('reads latent files of NumPy and PyTorch by their endings', () => {
  for (const path of ['a.npz', 'b.PT', 'c.pth'])
    expect(latentSourceOf(path, options)).toMatchObject({ kind: 'file', path })
})

it('reads a seed, and says what a seed is where there is none', () => {
  expect(latentSourceOf('seed:42', options)).toMatchObject({ kind: 'seed', seed: 42 })
  expect(latentSourceOf('./seed:42', options)).toMatchObject({ kind: 'picture' })
  for (const word of ['seed:', 'seed:-1', 'seed:1.5', 'seed:x', 'seed:99999999999999999999']) {
    expect(failureOf(() => latentSourceOf(word, options))).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(`"${word}" is not a seed`),
    })
  }
})

it('reads a mix with weights, which the contract takes', () => {
  const mix = latentSourceOf('mix:a.png, 0.5*seed:7,-2*b.npy', options)
  expect(mix).toMatchObject({
    kind: 'mix',
    parts: [
      { weight: 1, latent: { kind: 'picture', picture: { path: 'a.png' } } },
      { weight: 0.5, latent: { kind: 'seed', seed: 7 } },
      { weight: -2, latent: { kind: 'file', path: 'b.npy' } },
    ],
  })
  expect(latentSource.safeParse(mix).success).toBe(true)
  expect(failureOf(() => latentSourceOf('mix:a.png,', options)).message).toContain('empty part')
})
