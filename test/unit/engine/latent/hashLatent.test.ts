import { expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { latentKey } from '#engine/latent/hashLatent'

const latent = { x: createTensor([1, 1, 1, 1]), timestep: 999 }
const prompts = { prompt: 'a cat!', sourcePrompt: '' }

// What 0.2.0 was developed with. "!" and added tokens have been read differently since.
it('gives latents with texts other keys than before (would catch a frame of a text that was read wrongly)', () => {
  const before = `seed 1 at 999 of class none on ${JSON.stringify(prompts)}`
  expect(latentKey(latent, { seed: 1, class: null, prompts })).not.toBe(before)
})

it('keeps the keys of latents without texts (would catch computing all results again)', () => {
  expect(latentKey(latent, { seed: 1, class: null, prompts: null })).toBe('seed 1 at 999 of class none')
})
