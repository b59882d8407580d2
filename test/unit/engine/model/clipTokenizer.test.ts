import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readClipTokenizer } from '#engine/model/text/clipTokenizer'

const root = fileURLToPath(new URL('../../../golden/fixtures/text/', import.meta.url))
const length = 77

/** What transformers makes of texts with these files in a tokenizer: see recordAdded.py. */
interface AddedCase {
  readonly name: string
  readonly files: Readonly<Record<string, unknown>>
  readonly padding: number
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[]
}

async function tokenizerWith(files: AddedCase['files']): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
  await cp(join(root, 'tokenizer'), folder, { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), JSON.stringify(content))
  }
  return folder
}

function filled(ids: readonly number[], padding: number): number[] {
  return [...ids, ...Array<number>(length - ids.length).fill(padding)]
}

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
      return tokenizer.tokenize(prompt, length).ids.join() !== filled(ids, end).join()
    })
    expect(
      wrong.map(({ prompt, ids }) => [prompt, ids.join(), tokenizer.tokenize(prompt, length).ids.join()]),
    ).toEqual([])
  })

  it.each([
    ['CRLF, as a Windows checkout has', (text: string) => text.replaceAll('\n', '\r\n')],
    ['CR', (text: string) => text.replaceAll('\n', '\r')],
    ['LF after a byte order mark', (text: string) => `\uFEFF${text}`],
  ])('reads merges.txt with %s (would catch words in pieces)', async (_what, change) => {
    const [plain, changed] = [await tokenizerWith({}), await tokenizerWith({})]
    const merges = await readFile(join(plain, 'merges.txt'), 'utf8')
    await writeFile(join(changed, 'merges.txt'), change(merges))
    const idsIn = async (folder: string) =>
      (await readClipTokenizer(folder)).tokenize('a photo of an astronaut, 35mm', length).ids
    expect(await idsIn(changed)).toEqual(await idsIn(plain))
  })

  // By CLIPTokenizerFast of transformers 4.57.6 and 5.24.0, which agree, with the vocabulary of the fixture.
  it.each([
    ['ΣΑΣ', [538, 139, 225, 138, 109, 139, 481, 539]],
    ['\ufeffć', [538, 171, 119, 379, 128, 485, 539]],
    ['a \ufeff b', [538, 320, 171, 119, 379, 321, 539]],
  ])(
    'reads %j letter by letter, as Rust does (would catch what JavaScript does to a last sigma and to U+FEFF)',
    async (prompt, ids) => {
      const tokenizer = await readClipTokenizer(join(root, 'tokenizer'))
      expect(tokenizer.tokenize(prompt, length).ids.slice(0, ids.length)).toEqual(ids)
    },
  )

  it('splits texts at added tokens as transformers does (would catch "!" of Stable Diffusion 2 and XL inside a word, and a textual inversion in pieces)', async () => {
    const cases = JSON.parse(await readFile(join(root, 'addedTokens.json'), 'utf8')) as AddedCase[]
    expect(cases).toHaveLength(9)
    for (const { name, files, padding, texts } of cases) {
      const tokenizer = await readClipTokenizer(await tokenizerWith(files))
      const told = texts.map(({ text }) => [text, tokenizer.tokenize(text, length).ids])
      const known = texts.map(({ text, ids }) => [text, filled(ids, padding)])
      expect(told, name).toEqual(known)
    }
  })

  // What transformers 5.24 gave for these files.
  it.each([
    ['"!" of the map, before the configuration’s', '<|endoftext|>', '!', {}, 0],
    ['"!" of the map alone', undefined, '!', {}, 0],
    ['the configuration’s, without a map', '!', undefined, {}, 0],
    ['the end, if both say so', '<|endoftext|>', '<|endoftext|>', {}, 539],
    [
      'the configuration’s, where it lists added tokens',
      '<|endoftext|>',
      '!',
      { added_tokens_decoder: {} },
      539,
    ],
  ])(
    'fills up with %s (would catch Stable Diffusion 2 filled up with the end)',
    async (_, config, map, more, id) => {
      const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
      await cp(join(root, 'sd2', 'tokenizer'), folder, { recursive: true })
      await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ pad_token: config, ...more }))
      if (map) await writeFile(join(folder, 'special_tokens_map.json'), JSON.stringify({ pad_token: map }))
      const { ids } = (await readClipTokenizer(folder)).tokenize('a', 6)
      expect(ids).toEqual([538, 320, 539, id, id, id])
    },
  )

  it.each([
    ['vocab.json', 'null'],
    ['vocab.json', '{"<|startoftext|>": 1, "<|endoftext|>": 2, "a": "b"}'],
    [
      'tokenizer.json',
      '{"model": {"vocab": {"<|startoftext|>": 1, "<|endoftext|>": 2}, "merges": {"a": "b"}}}',
    ],
    ['tokenizer_config.json', '{"pad_token": {"id": 1}}'],
    ['special_tokens_map.json', '{"pad_token": 3}'],
    ['added_tokens.json', '{"<cat-toy>": "540"}'],
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
