import { describe, expect, it } from 'vitest'
import { parseClipConfig } from '#engine/model/graph/text/clip'
import { emptyText } from '#engine/model/graph/text/emptyText'

const tokens = { tokens: 'last', pooled: false } as const
const startOf = (config: object) => emptyText(parseClipConfig(config, 'config.json'), tokens)?.slice(0, 3)

// Start and end are 49406 and 49407 in the vocabulary that OpenAI published with CLIP.
describe('emptyText', () => {
  it.each([49408, 49409, 49500])(
    "begins with CLIP's own start and end in a vocabulary of %i, numbered wrongly (would catch added words in their place)",
    (vocab_size) => {
      const wrong = { bos_token_id: 0, eos_token_id: 2 }
      expect(startOf({ vocab_size, ...wrong })).toEqual([49406, 49407, 49407])
    },
  )

  // SentencePiece numbers its end 2 as well, as in rinna's Japanese Stable Diffusion.
  it.each([540, 32000, 49407])(
    'does not guess in a vocabulary of %i, which is not CLIP’s (would catch invented tokens)',
    (vocab_size) => {
      expect(startOf({ vocab_size, bos_token_id: 1, eos_token_id: 2 })).toBeUndefined()
    },
  )

  it('follows a configuration that numbers them rightly', () => {
    expect(startOf({ vocab_size: 49409, bos_token_id: 7, eos_token_id: 9 })).toEqual([7, 9, 9])
  })
})
