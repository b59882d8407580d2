import { join } from 'node:path'
import { Tokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { readJson, readWholeFile } from '#files/fileAccess'

/** A text as the tokens of a CLIP text encoder. */
export interface TextTokens {
  /** As many as the encoder takes: start, text, end, and padding. */
  readonly ids: readonly number[]
  /** How many tokens of a text that was too long were left out at its end; 0 for a text used as a whole. */
  readonly leftOut: number
}

/** Turns texts into tokens. */
export interface TextTokenizer {
  tokenize(text: string, length: number): TextTokens
}

/** Splits a text into words before byte-pair encoding, as CLIP does (Radford et al. 2021, section 2.4). */
const wordPattern = String.raw`<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`

const [startToken, endToken] = ['<|startoftext|>', '<|endoftext|>']

/** Far longer than any published vocabulary. */
const longestMerges = 64 * 2 ** 20

/**
 * Reads the tokenizer in a folder: tokenizer.json, or vocab.json and merges.txt, and the padding token from
 * special_tokens_map.json or tokenizer_config.json.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL for files that are not a CLIP vocabulary
 */
export async function readClipTokenizer(folder: string): Promise<TextTokenizer> {
  const { vocab, merges } = await readVocabulary(folder)
  const [start, end] = [vocab[startToken], vocab[endToken]]
  if (!Number.isInteger(start) || !Number.isInteger(end)) {
    throw new StudioError('BAD_MODEL', `${folder} holds no vocabulary of CLIP: it has no "${endToken}".`)
  }
  const tokenizer = new Tokenizer(clipTokenizer(vocab, merges), { model_max_length: null })
  const padding = vocab[await paddingToken(folder)] ?? end
  return {
    tokenize(text, length) {
      const words = tokenizer.encode(text, { add_special_tokens: false }).ids
      const room = roomFor(length)
      const ids = filledIds([start, ...words.slice(0, room), end], padding, length)
      return { ids, leftOut: Math.max(0, words.length - room) }
    },
  }
}

/** Returns how many tokens of a text an encoder of this length reads, besides start and end. */
export function roomFor(length: number): number {
  return length - 2
}

function filledIds(ids: readonly number[], padding: number, length: number): number[] {
  return [...ids, ...Array<number>(length - ids.length).fill(padding)]
}

/** A byte-pair vocabulary. */
const vocabulary = z.object({
  vocab: z.record(z.string(), z.int().min(0)),
  /** Pairs to merge, the most frequent first. */
  merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
})
type Vocabulary = z.infer<typeof vocabulary>

/** Reads the two older files, or the single newer file that holds both. */
async function readVocabulary(folder: string): Promise<Vocabulary> {
  const whole = join(folder, 'tokenizer.json')
  const json = (await readJson(whole).catch(ifMissing)) as { model?: Partial<Vocabulary> } | null
  if (json?.model?.vocab && json.model.merges) return parsed(vocabulary, json.model, whole)
  const text = (await readWholeFile(join(folder, 'merges.txt'), longestMerges)).toString('utf8')
  const file = join(folder, 'vocab.json')
  return { vocab: parsed(vocabulary.shape.vocab, await readJson(file), file), merges: mergesOf(text) }
}

/** @throws StudioError BAD_MODEL naming the file, if its content is of another form */
function parsed<Schema extends z.ZodType>(schema: Schema, json: unknown, path: string): z.infer<Schema> {
  const { success, data } = schema.safeParse(json)
  if (success) return data
  throw new StudioError(
    'BAD_MODEL',
    `${path} does not describe a tokenizer of CLIP: put the tokenizer folder of the model there.`,
  )
}

function ifMissing(error: unknown): null {
  if (error instanceof StudioError && error.code === 'NOT_FOUND') return null
  throw error
}

/** Parses merges.txt: two tokens per line, after a line with the version. */
function mergesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#version'))
}

const token = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
const specialTokens = z
  .object({ pad_token: token.nullish(), added_tokens_decoder: z.unknown().optional() })
  .nullable()

/**
 * Reads the token that fills up short texts. As in transformers, the map of older tokenizers precedes their
 * configuration: Stable Diffusion 2 is filled up with "!", which only the map says.
 */
async function paddingToken(folder: string): Promise<string> {
  const read = async (name: string) => {
    const path = join(folder, name)
    return parsed(specialTokens, await readJson(path).catch(ifMissing), path)
  }
  const config = await read('tokenizer_config.json')
  const map = config?.added_tokens_decoder === undefined ? await read('special_tokens_map.json') : null
  return map?.pad_token ?? config?.pad_token ?? endToken
}

/** Returns a tokenizer.json for CLIP, built like transformers' `CLIPTokenizer`. */
function clipTokenizer(vocab: Vocabulary['vocab'], merges: Vocabulary['merges']): object {
  const special = [startToken, endToken].map((content) => ({
    id: vocab[content],
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }))
  return {
    added_tokens: special,
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: String.raw`\s+` }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: wordPattern }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: null,
    decoder: null,
    model: {
      type: 'BPE',
      unk_token: endToken,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges,
    },
  }
}
