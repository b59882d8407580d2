/** One block of a model card. */
export type CardBlock =
  { kind: 'heading' | 'paragraph' | 'code'; text: string } | { kind: 'list'; items: string[] }

/** Reads the little of Markdown that model cards are made of; marks within a line are left out, never run as HTML. */
export function parseCard(card: string): CardBlock[] {
  const blocks: CardBlock[] = []
  for (const chunk of card.split(/(^```[\s\S]*?^```)/m)) {
    if (chunk.startsWith('```')) blocks.push({ kind: 'code', text: chunk.replace(/^```.*\n|\n?```$/g, '') })
    else for (const part of chunk.split(/\n{2,}|\n(?=#)|(?<=^#.*)\n/m)) blocks.push(...parsePart(part.trim()))
  }
  return blocks
}

function parsePart(part: string): CardBlock[] {
  if (part === '') return []
  if (/^#+ /.test(part)) return [{ kind: 'heading', text: plain(part.replace(/^#+ /, '')) }]
  if (/^[-*] /.test(part)) {
    const items = part.split(/\n(?=[-*] )/).map((item) => plain(item.replace(/^[-*] /, '')))
    return [{ kind: 'list', items }]
  }
  return [{ kind: 'paragraph', text: plain(part) }]
}

function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
