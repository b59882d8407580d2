import { join } from 'node:path'
import { z } from 'zod'
import { readTokenizerFile } from './tokenizerFile'

/** The tokens that CLIP puts before and after every text. */
export const [startToken, endToken] = ['<|startoftext|>', '<|endoftext|>']

/** A token that a text is split at before its words are. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  /** Whether it only matches where no letter or digit touches it. */
  readonly isWord: boolean
  /** Whether it is sought in the normalized text, and so in letters of either case. */
  readonly isNormalized: boolean
}

/** The added tokens of a tokenizer, and the number of the one that fills up short texts. */
export interface AddedTokens {
  readonly tokens: readonly AddedToken[]
  readonly padding: number
}

const flag = z.boolean().default(false)
/** `lstrip` and `rstrip` are left out: they take spaces away, and no space becomes a token. */
const tokenSchema = z.object({
  content: z.string().min(1),
  single_word: flag,
  normalized: z.boolean().optional(),
  special: flag,
})
type Token = z.infer<typeof tokenSchema>

const namedSchema = z.union([z.string().min(1).transform(namedToken), tokenSchema.transform(asSpecial)])
const tokenId = z.int().min(0)

/** The content of tokenizer_config.json and special_tokens_map.json. */
const specialSchema = z
  .object({
    bos_token: namedSchema.nullish(),
    eos_token: namedSchema.nullish(),
    pad_token: namedSchema.nullish(),
    additional_special_tokens: z.array(namedSchema).nullish(),
    added_tokens_decoder: z.record(z.string(), tokenSchema).optional(),
  })
  .nullable()
type Special = z.infer<typeof specialSchema>

/** The `added_tokens` of tokenizer.json. */
export const listedTokens = z.array(tokenSchema.extend({ id: tokenId }))
type Listed = z.infer<typeof listedTokens>

/**
 * Reads the tokens that are added to a vocabulary: start, end, padding, and those that the tokenizer's files
 * list, such as the words of a textual inversion. As in transformers, the list in tokenizer_config.json
 * replaces all others, and a token outside the vocabulary gets the next free number.
 *
 * @param listed  the `added_tokens` of tokenizer.json, if there is one
 * @throws StudioError UNREADABLE, or BAD_MODEL naming a file of another form
 */
export async function readAddedTokens(
  folder: string,
  vocab: Readonly<Record<string, number>>,
  listed: Listed,
): Promise<AddedTokens> {
  const config = await readTokenizerFile(join(folder, 'tokenizer_config.json'), specialSchema)
  const decoder = config?.added_tokens_decoder
  // Stable Diffusion 2 is filled up with "!", which only the map of older tokenizers says.
  const map = decoder ? null : await readTokenizerFile(join(folder, 'special_tokens_map.json'), specialSchema)
  const roleOf = (role: Role) => map?.[role] ?? config?.[role] ?? namedToken(defaults[role])
  const pad = roleOf('pad_token')
  const special = [roleOf('bos_token'), roleOf('eos_token'), pad, ...extraOf(config)]
  const found = decoder ? inDecoder(decoder) : [...(await readOlderList(folder, special)), ...listed]
  const tokens = numbered([...inOrder(found), ...special, ...extraOf(map)], vocab)
  return { tokens, padding: tokens.find(({ content }) => content === pad.content)!.id }
}

const defaults = { bos_token: startToken, eos_token: endToken, pad_token: endToken }
type Role = keyof typeof defaults

function extraOf(special: Special): readonly Token[] {
  return special?.additional_special_tokens ?? []
}

function inDecoder(decoder: Readonly<Record<string, Token>>): Listed {
  return Object.entries(decoder).map(([id, token]) => ({ ...token, id: Number(id) }))
}

/** Reads added_tokens.json, which gives each token only a number. */
async function readOlderList(folder: string, special: readonly Token[]): Promise<Listed> {
  const path = join(folder, 'added_tokens.json')
  const list = (await readTokenizerFile(path, z.record(z.string().min(1), tokenId))) ?? {}
  const isSpecial = (content: string) => special.some((token) => token.content === content)
  return Object.entries(list).map(([content, id]) => ({
    ...namedToken(content),
    ...(isSpecial(content) ? {} : { special: false, normalized: true }),
    id,
  }))
}

/** Sorts listed tokens by number. Of several with one number, the last counts. */
function inOrder(listed: Listed): Token[] {
  const byId = new Map(listed.map((token) => [token.id, token]))
  return [...byId.values()].sort((a, b) => a.id - b.id)
}

/** Numbers tokens; of several with the same content, the first counts. */
function numbered(tokens: readonly Token[], vocab: Readonly<Record<string, number>>): AddedToken[] {
  const byContent = new Map<string, AddedToken>()
  let next = Object.keys(vocab).length
  for (const { content, single_word: isWord, special, normalized: isNormalized = !special } of tokens) {
    if (byContent.has(content)) continue
    const id = Object.hasOwn(vocab, content) ? vocab[content] : next++
    byContent.set(content, { id, content, isWord, isNormalized })
  }
  return [...byContent.values()]
}

function namedToken(content: string): Token {
  return { content, single_word: false, normalized: false, special: true }
}

function asSpecial(token: Token): Token {
  return { ...token, special: true }
}
