import type { AddedToken } from './addedTokens'

/**
 * Normalizes a text as CLIP's tokenizer in Rust does: letter by letter, so that a sigma at the end of a word is like
 * any other, and without U+FEFF among the spaces, where JavaScript counts it.
 */
function normalizeText(text: string): string {
  const spaced = text.normalize('NFC').replace(/[^\S\uFEFF]+/gu, ' ')
  return Array.from(spaced, (letter) => letter.toLowerCase()).join('')
}

/**
 * Splits a text at added tokens, as transformers does: first at those that are sought in the unchanged text; then
 * the pieces in between are normalized and split at the others.
 *
 * @returns the numbers of tokens, and normalized texts without any
 */
export function splitAtTokens(text: string, tokens: readonly AddedToken[]): (number | string)[] {
  const asWritten = tokens.filter(({ isNormalized }) => !isNormalized)
  const others = tokens
    .filter(({ isNormalized }) => isNormalized)
    .map((token) => ({ ...token, content: normalizeText(token.content) }))
  return splitAt(text, asWritten).flatMap((part) =>
    typeof part === 'number' ? [part] : splitAt(normalizeText(part), others),
  )
}

/** Splits a text at tokens, the longest first. */
function splitAt(text: string, tokens: readonly AddedToken[]): (number | string)[] {
  if (tokens.length === 0) return [text]
  const byContent = new Map(tokens.map((token) => [token.content, token]))
  const longestFirst = [...byContent.keys()].sort((a, b) => b.length - a.length)
  const parts: (number | string)[] = []
  let rest = 0
  for (const { 0: content, index } of text.matchAll(new RegExp(longestFirst.map(escaped).join('|'), 'gu'))) {
    const end = index + content.length
    const { id, isWord } = byContent.get(content)!
    if (isWord && isInWord(text.slice(0, index), text.slice(end))) continue
    parts.push(text.slice(rest, index), id)
    rest = end
  }
  return [...parts, text.slice(rest)]
}

/** Returns whether a letter, digit or underscore touches what lies between two parts of a text. */
function isInWord(before: string, after: string): boolean {
  return (
    /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]$/u.test(before) || /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u.test(after)
  )
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}
