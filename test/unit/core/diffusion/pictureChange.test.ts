import { expect, it } from 'vitest'
import { findPictureChange } from '#core/diffusion/pictureChange'
import { presetFor } from '#shared/presets'

const { encode, decode } = presetFor('pixels', 'standard')
const twoPrompts = { prompt: 'a pear', sourcePrompt: 'an apple' }
const statistics = { mean: 0.1, std: 1.1, normRatio: 1.1, kurtosis: 0, neighbourCorrelation: 0 }

it('findPictureChange finds nothing in a round trip of steps alone, nor in one that is not known', () => {
  expect(findPictureChange({ encode, decode, healthBefore: null, prompts: null })).toBeNull()
  expect(
    findPictureChange({ encode, decode, prompts: { prompt: 'a pear', sourcePrompt: 'a pear' } }),
  ).toBeNull()
  expect(findPictureChange({})).toBeNull()
})

it.each([
  ['prompt', { prompts: twoPrompts }],
  ['prompt', { prompts: twoPrompts, decode: { ...decode, guidance: 4 } }],
  ['repair', { healthBefore: statistics }],
  ['noise', { decode: { ...decode, sigmaHat: true } }],
  ['loosening', { encode: { ...encode, loosen: { percent: 10, seed: 0 } } }],
  ['clipping', { decode: { ...decode, clip: true } }],
  ['conditioningTimestep', { encode: { ...encode, conditioningTimestep: 'next' as const } }],
])('findPictureChange finds the %s', (change, settings) => {
  expect(findPictureChange({ encode, decode, ...settings })).toBe(change)
})

it('findPictureChange ignores guidance that leads nowhere: between equal prompts, and of weight 0', () => {
  const guided = (guidance: number) => ({ ...decode, guidance })
  expect(findPictureChange({ encode, decode: guided(7), prompts: null })).toBeNull()
  expect(findPictureChange({ encode, decode: guided(0), prompts: twoPrompts })).toBeNull()
})
