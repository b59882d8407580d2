import { expect, it } from 'vitest'
import { toFailure } from '#shared/errors'
import { latentSource } from '#shared/latentSource'
import type { PictureLatentOptions } from '../../../src/cli/pictureOptions'
import { latentSourceOf } from '../../../src/cli/stops'
import { exitCodeOf } from '../../../src/cli/exitCodes'

const options = {
  solver: 'ddim',
  timestepSpacing: 'linear',
  steps: 2,
  fit: 'cover',
} as PictureLatentOptions

function failureOf(task: () => unknown) {
  try {
    task()
  } catch (thrown) {
    return toFailure(thrown)
  }
  throw new Error('It did not fail.')
}

it.each(['a.safetensors', 'folder/B.NPY'])(
  'refuses --restandardise for the latent file %s (would catch an unrepaired latent mistaken for a repaired one)',
  (path) => {
    const failure = failureOf(() => latentSourceOf(path, { ...options, restandardise: true }))
    expect(failure.code).toBe('BAD_INPUT')
    expect(failure.message).toMatch(new RegExp(`"${path}" is already encoded.*encode its picture with`))
    expect(exitCodeOf(failure)).toBe(64)
    expect(latentSourceOf(path, options)).toEqual({ kind: 'file', path })
  },
)

it('treats any other path as a picture, to which --restandardise applies', () => {
  const source = latentSourceOf('a.png', { ...options, restandardise: true })
  expect(source).toMatchObject({ kind: 'picture', picture: { path: 'a.png' }, restandardise: true })
})

it('--end applies to pictures, latent files and seeds', () => {
  const deep = { ...options, end: 700 }
  expect(latentSourceOf('a.png', deep)).toMatchObject({ encode: { endTimestep: 700 } })
  expect(latentSourceOf('a.npy', deep)).toMatchObject({ endTimestep: 700 })
  expect(latentSourceOf('seed:7', deep)).toMatchObject({ endTimestep: 700 })
})

it('recognises latent files of NumPy and PyTorch by their endings', () => {
  for (const path of ['a.npz', 'b.PT', 'c.pth'])
    expect(latentSourceOf(path, options)).toMatchObject({ kind: 'file', path })
})

it('parses a seed, reads ./seed:42 as a picture, and rejects an invalid seed with the reason', () => {
  expect(latentSourceOf('seed:42', options)).toMatchObject({ kind: 'seed', seed: 42 })
  expect(latentSourceOf('./seed:42', options)).toMatchObject({ kind: 'picture' })
  for (const word of ['seed:', 'seed:-1', 'seed:1.5', 'seed:x', 'seed:99999999999999999999']) {
    expect(failureOf(() => latentSourceOf(word, options))).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(`"${word}" is not a seed`),
    })
  }
})

it('parses a weighted mix into a source that the contract accepts, and rejects an empty part', () => {
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
