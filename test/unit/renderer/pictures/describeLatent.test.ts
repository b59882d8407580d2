import { expect, it } from 'vitest'
import { describeNoSource } from '../../../../src/renderer/pictures/describeLatent'

const named = { id: 'x', name: 'X' }

it.each([
  [{ ...named, kind: 'seed' as const, seed: 7 }, 'A seed has no picture to compare with'],
  [{ ...named, kind: 'mix' as const, parts: [] }, 'A mix has no picture to compare with'],
  [{ ...named, kind: 'unknown' as const, value: null }, 'This item has no picture to compare with'],
])('names the kind of latent that Fidelity cannot show: %o', (latent, sentence) => {
  expect(describeNoSource(latent)).toBe(sentence)
})
