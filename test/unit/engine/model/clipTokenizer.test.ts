import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readClipTokenizer } from '#engine/model/text/clipTokenizer'

const root = fileURLToPath(new URL('../../../golden/fixtures/text/', import.meta.url))
const length = 77

describe('readClipTokenizer', () => {
  it('gives the tokens of transformers for 500 prompts (would catch mistakes in accents, emoji, truncation and spaces)', async () => {
    const tokenizer = await readClipTokenizer(join(root, 'tokenizer'))
    const prompts = JSON.parse(await readFile(join(root, 'prompts.json'), 'utf8')) as {
      prompt: string
      ids: number[]
    }[]
    expect(prompts).toHaveLength(500)
    const end = prompts[0].ids.at(-1)!
    const wrong = prompts.filter(({ prompt, ids }) => {
      const filled = [...ids, ...Array<number>(length - ids.length).fill(end)]
      return tokenizer.tokenize(prompt, length).ids.join() !== filled.join()
    })
    expect(
      wrong.map(({ prompt, ids }) => [prompt, ids.join(), tokenizer.tokenize(prompt, length).ids.join()]),
    ).toEqual([])
  })
})
