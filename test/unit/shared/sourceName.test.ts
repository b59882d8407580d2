import { expect, it } from 'vitest'
import { sourceName } from '#shared/sourceName'

const seed = { kind: 'seed' as const, seed: 7 }
const apple = { kind: 'picture' as const, picture: { path: 'C:\\pictures\\apple.png' } }

// Written by hand: a study that is opened finds its stops again by these names.
it.each([
  ['apple.png', apple],
  ['seed 7', seed],
  ['kept.npy', { kind: 'file' as const, path: '/latents/kept.npy' }],
  [
    'seed 7 moved 0.5 towards kept.npy',
    {
      kind: 'direction' as const,
      from: seed,
      plus: [{ kind: 'file' as const, path: 'kept.npy' }],
      minus: [seed],
      strength: 0.5,
    },
  ],
])('names a latent "%s" after its origin', (name, source) => {
  expect(sourceName(source)).toBe(name)
})

it('gives mixes with different weights different names (would catch a study resumed with another mix)', () => {
  const mix = (...weights: number[]) => ({
    kind: 'mix' as const,
    parts: weights.map((weight, i) => ({ latent: { kind: 'seed' as const, seed: i }, weight })),
  })
  expect(sourceName(mix(1, 2, -0.5))).toBe('mix of seed 0, 2 × seed 1 and -0.5 × seed 2')
  expect(sourceName(mix(1, 2))).not.toBe(sourceName(mix(2, 1)))
})
