import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
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
  it.each([
    ['vocab.json', 'null'],
    ['vocab.json', '{"<|startoftext|>": 1, "<|endoftext|>": 2, "a": "b"}'],
    [
      'tokenizer.json',
      '{"model": {"vocab": {"<|startoftext|>": 1, "<|endoftext|>": 2}, "merges": {"a": "b"}}}',
    ],
    ['tokenizer_config.json', '{"pad_token": {"id": 1}}'],
  ])('names a %s that holds %s (would catch an error of JavaScript)', async (name, content) => {
    const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
    await cp(join(root, 'tokenizer'), folder, { recursive: true })
    await writeFile(join(folder, name), content)
    await expect(readClipTokenizer(folder)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining(`${join(folder, name)} does not describe a tokenizer`) as string,
    })
  })
})
