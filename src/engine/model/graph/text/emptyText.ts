import type { ClipAnswer, ClipConfig } from './clip'

/** The number that old files wrongly give the end token. */
export const wrongEnd = 2

/** The size of CLIP's own vocabulary, whose last two tokens are start and end. Added words come after them. */
const publishedSize = 49408

/**
 * Returns the tokens of the empty text, which needs no vocabulary; null if only the tokenizer shows which tokens end
 * the text or fill it up.
 */
export function emptyText(config: ClipConfig, answer: ClipAnswer): number[] | null {
  const { vocab_size, bos_token_id, eos_token_id, max_position_embeddings: length } = config
  const isNumberedWrongly = eos_token_id === wrongEnd
  // In another vocabulary the numbers may be right; if they are not, nothing shows which tokens start and end a
  // text.
  if (isNumberedWrongly && vocab_size < publishedSize) return null
  const [start, end] = isNumberedWrongly
    ? [publishedSize - 2, publishedSize - 1]
    : [bos_token_id, eos_token_id]
  const padding = paddingOf(config, answer, end)
  return padding === null ? null : [start, end, ...Array<number>(length - 2).fill(padding)]
}

/**
 * Returns what an encoder was trained to see after the end of a text, or null if that cannot be known. The
 * configuration's own padding token is rarely the one that the tokenizer used.
 */
function paddingOf({ hidden_act }: ClipConfig, { pooled }: ClipAnswer, end: number): number | null {
  // SDXL's second encoder (Podell et al. 2023) is OpenCLIP's, which fills up with token 0.
  if (pooled) return 0
  // OpenAI's encoders fill up with the end token; those of others differ, even between copies of one model.
  return hidden_act === 'quick_gelu' ? end : null
}
