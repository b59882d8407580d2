import { expect, it } from 'vitest'
import { anyPromptsDiffer } from '#shared/guidance'
import { latentSource } from '#shared/latentSource'

const sourceOf = (source: object) => latentSource.parse(source)
const seed = (prompts: object = {}) => sourceOf({ kind: 'seed', seed: 1, ...prompts })
const picture = (prompts: object = {}) =>
  sourceOf({ kind: 'picture', picture: { path: 'a.png' }, encode: {}, ...prompts })

it.each([
  ['a seed without a prompt', seed(), false],
  ['a seed with a prompt, which starts from the empty one', seed({ prompt: 'a pear' }), true],
  ['a picture with one prompt, with which it is encoded too', picture({ prompt: 'a pear' }), false],
  [
    'a picture with another prompt than it is encoded with',
    picture({ prompt: 'a pear', sourcePrompt: '' }),
    true,
  ],
  [
    'a mix of latents, one of which has two prompts',
    sourceOf({
      kind: 'mix',
      parts: [
        { latent: seed(), weight: 1 },
        { latent: seed({ prompt: 'a pear' }), weight: 1 },
      ],
    }),
    true,
  ],
])('says of %s whether guidance has an effect', (_what, latent, expected) => {
  expect(anyPromptsDiffer([picture(), latent])).toBe(expected)
})
