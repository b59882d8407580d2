import { join } from 'node:path'
import { Tokenizer } from '@huggingface/tokenizers'
import { StudioError } from '#shared/errors'
import { readJson, readWholeFile } from '#files/fileAccess'

/** A text as the tokens of a CLIP text encoder. */
export interface TextTokens {
  /** Of the encoder's length: start, text, end, and what fills it up. */
  readonly ids: readonly number[]
  /** Whether the text was too long and lost its end. */
  readonly isCut: boolean
}

/** Turns texts into tokens. */
export interface TextTokenizer {
  tokenize(text: string, length: number): TextTokens
}

/** What CLIP's texts are split into before their letters are joined (Radford et al. 2021, section 2.4). */
const wordPattern = String.raw`<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`

const [startToken, endToken] = ['<|startoftext|>', '<|endoftext|>']

/** Far longer than any vocabulary that is published. */
const longestMerges = 64 * 2 ** 20

/**
 * Reads the tokenizer of a folder: tokenizer.json, or vocab.json and merges.txt, and what tokenizer_config.json says of
 * padding.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL for files that are no vocabulary of CLIP
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
      const room = length - 2
      const ids = [start, ...words.slice(0, room), end]
      const filling = Array<number>(length - ids.length).fill(padding)
      return { ids: [...ids, ...filling], isCut: words.length > room }
    },
  }
}

/** What is known of letters that are joined to words. */
interface Vocabulary {
  readonly vocab: Readonly<Record<string, number>>
  /** Pairs to join, the most frequent first. */
  readonly merges: readonly (string | readonly string[])[]
}

/** The two files of old, or the one file of today that holds both. */
async function readVocabulary(folder: string): Promise<Vocabulary> {
  const whole = (await readJson(join(folder, 'tokenizer.json')).catch(ifMissing)) as {
    model?: Partial<Vocabulary>
  } | null
  const { vocab, merges } = whole?.model ?? {}
  if (vocab && merges) return { vocab, merges }
  const text = (await readWholeFile(join(folder, 'merges.txt'), longestMerges)).toString('utf8')
  return {
    vocab: (await readJson(join(folder, 'vocab.json'))) as Vocabulary['vocab'],
    merges: mergesOf(text),
  }
}

function ifMissing(error: unknown): null {
  if (error instanceof StudioError && error.code === 'NOT_FOUND') return null
  throw error
}

/** Two tokens a line, below a line with the version. */
function mergesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#version'))
}

async function paddingToken(folder: string): Promise<string> {
  const config = (await readJson(join(folder, 'tokenizer_config.json')).catch(ifMissing)) as {
    pad_token?: string | { content: string }
  } | null
  const token = config?.pad_token ?? endToken
  return typeof token === 'string' ? token : token.content
}

/** A tokenizer.json for CLIP, as transformers' `CLIPTokenizer` is built. */
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
