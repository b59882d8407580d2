import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Tokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { readJson, readText } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import { endToken, listedTokens, readAddedTokens, startToken } from './addedTokens'
import { splitAtTokens } from './splitAtTokens'
import { parseTokenizer, readTokenizerFile } from './tokenizerFile'

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
const wordPattern = String.raw`<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|(?:[^\s\p{L}\p{N}]|\uFEFF)+`

/** Far longer than any published vocabulary. */
const longestMerges = 64 * 2 ** 20

/** The two older files of a vocabulary. */
const olderFiles = ['vocab.json', 'merges.txt']

/**
 * Returns whether a folder holds a tokenizer; false if it holds no files of one at all, or does not exist.
 *
 * @throws StudioError UNREADABLE, UNSUPPORTED for a tokenizer of another kind than CLIP's, BAD_MODEL for one
 *   without its vocabulary
 */
export async function holdsClipTokenizer(folder: string): Promise<boolean> {
  const names = await tokenizerNames(folder)
  if (names.length === 0) return false
  if (olderFiles.every((name) => names.includes(name))) return true
  const { vocab, merges } = (await readWhole(folder))?.model ?? {}
  if (vocab && merges) return true
  const kind = await otherKindOf(folder, names)
  if (kind === undefined) {
    throw new StudioError(
      'BAD_MODEL',
      `${folder} holds no whole tokenizer: put that folder of the model there.`,
    )
  }
  throw new StudioError(
    'UNSUPPORTED',
    `${folder} holds a tokenizer of another kind than CLIP's (${kind}), which is not supported: choose a model with a tokenizer of CLIP.`,
  )
}

/** Lists the files of a tokenizer, which may have any names; empty if the folder does not exist. */
async function tokenizerNames(folder: string): Promise<string[]> {
  const names = await explained(folder, 'read', () => readdir(folder)).catch((error: unknown) => {
    if (error instanceof StudioError && error.code === 'NOT_FOUND') return []
    throw error
  })
  return names.filter((name) => !/^\.|\.md$/.test(name)).sort()
}

/** Vocabularies of SentencePiece and WordPiece; a tokenizer.json is one if it holds no byte pairs. */
const otherVocabulary = /\.model$|^vocab\.txt$|^tokenizer\.json$/

/** Names the kind of a tokenizer without CLIP's vocabulary; undefined if it may be CLIP's and lack its files. */
async function otherKindOf(folder: string, names: readonly string[]): Promise<string | undefined> {
  const schema = z.object({ tokenizer_class: z.string().nullish() }).nullable()
  const config = await readTokenizerFile(join(folder, 'tokenizer_config.json'), schema)
  const named = config?.tokenizer_class ?? undefined
  if (named !== undefined && !named.startsWith('CLIPTokenizer')) return named
  return names.find((name) => otherVocabulary.test(name))
}

/**
 * Reads the tokenizer in a folder: tokenizer.json, or vocab.json and merges.txt, and the added tokens.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL for files that are not a CLIP vocabulary
 */
export async function readClipTokenizer(folder: string): Promise<TextTokenizer> {
  const { added, ...vocabulary } = await readVocabulary(folder)
  const { vocab } = vocabulary
  const [start, end] = [vocab[startToken], vocab[endToken]]
  if (!Number.isInteger(start) || !Number.isInteger(end)) {
    throw new StudioError('BAD_MODEL', `${folder} holds no vocabulary of CLIP: it has no "${endToken}".`)
  }
  const { tokens, padding } = await readAddedTokens(folder, vocab, added)
  const tokenizer = new Tokenizer(wordTokenizer(vocabulary), { model_max_length: null })
  const idsOf = (words: string) => tokenizer.encode(words, { add_special_tokens: false }).ids
  return {
    tokenize(text, length) {
      const parts = splitAtTokens(text, tokens)
      const words = parts.flatMap((part) => (typeof part === 'number' ? [part] : idsOf(part)))
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

/** The parts of tokenizer.json that are read; each is checked where it is used. */
const wholeSchema = z.object({
  model: z.object({ vocab: z.unknown().optional(), merges: z.unknown().optional() }).nullish(),
  added_tokens: z.unknown().optional(),
})

/** A vocabulary, and the tokens that its file adds to it. */
interface VocabularyFile extends Vocabulary {
  readonly added: z.infer<typeof listedTokens>
}

/** The newer file, which holds the whole tokenizer. */
const wholeFile = 'tokenizer.json'

/** Returns null if there is none. */
function readWhole(folder: string): Promise<z.infer<typeof wholeSchema> | null> {
  return readTokenizerFile(join(folder, wholeFile), wholeSchema)
}

/** Reads the two older files, or the single newer file that holds both. */
async function readVocabulary(folder: string): Promise<VocabularyFile> {
  const whole = join(folder, wholeFile)
  const json = await readWhole(folder)
  const added = parseTokenizer(listedTokens, json?.added_tokens ?? [], whole)
  const { vocab, merges } = json?.model ?? {}
  if (vocab && merges) return { ...parseTokenizer(vocabulary, { vocab, merges }, whole), added }
  const [file, mergesFile] = olderFiles.map((name) => join(folder, name))
  const text = await readText(mergesFile, longestMerges)
  const parsed = parseTokenizer(vocabulary.shape.vocab, await readJson(file, 'BAD_MODEL'), file)
  return { vocab: parsed, merges: mergesOf(text), added }
}

/** Parses merges.txt: two tokens per line, after a line with the version. Lines end as on any system. */
function mergesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '' && !line.startsWith('#version'))
}

/**
 * Returns a tokenizer.json for normalized words, built like transformers' `CLIPTokenizer`. Added tokens are left to
 * {@link splitAtTokens}, because the library would also find those that only arise by normalizing, and those inside
 * words.
 */
function wordTokenizer({ vocab, merges }: Vocabulary): object {
  return {
    added_tokens: [],
    normalizer: null,
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
