import MarkdownIt, { type Token } from 'markdown-it'
import { h, type VNode } from 'vue'

/** Raw HTML in a card is shown as text, never rendered. */
const markdown = new MarkdownIt({ html: false, linkify: true })

/**
 * Converts a model card to virtual nodes: CommonMark with tables. A link becomes its text, with the URL as a
 * tooltip, because nothing in the window may open a network connection. A picture becomes its caption, because
 * the window may not read pictures from a model’s folder.
 *
 * @param card  Markdown without its front matter
 */
export function cardNodes(card: string): VNode[] {
  return nest(markdown.parse(card, {})).filter((node) => typeof node !== 'string')
}

type Content = VNode | string

/** An element that is still open, with its children so far. */
interface OpenElement {
  readonly token: Token
  readonly children: Content[]
}

/** Turns the flat list of tokens, in which elements open and close, into a tree. */
function nest(tokens: readonly Token[]): Content[] {
  const root: Content[] = []
  const open: OpenElement[] = []
  for (const token of tokens) {
    const siblings = open.at(-1)?.children ?? root
    if (token.nesting === 1) open.push({ token, children: [] })
    else if (token.nesting === 0) siblings.push(...leaf(token))
    else close(open, root)
  }
  return root
}

function close(open: OpenElement[], root: Content[]): void {
  const { token, children } = open.pop()!
  const siblings = open.at(-1)?.children ?? root
  // The paragraphs of a tight list are marked as hidden.
  if (token.hidden) siblings.push(...children)
  else siblings.push(element(token, children))
}

function element(token: Token, children: Content[]): VNode {
  if (token.tag === 'a')
    return h('span', { class: 'link', title: token.attrGet('href') ?? undefined }, children)
  // The dialog's title is the only heading of the first two levels.
  const tag = /^h[12]$/.test(token.tag) ? 'h3' : token.tag
  const style = token.attrGet('style') ?? undefined
  return h(tag, { style }, children)
}

function leaf(token: Token): Content[] {
  switch (token.type) {
    case 'inline':
      return nest(token.children ?? [])
    case 'code_inline':
      return [h('code', token.content)]
    case 'fence':
    case 'code_block':
      return [h('pre', token.content)]
    case 'image':
      return [h('span', { class: 'caption' }, `Picture: ${token.content}`)]
    case 'hr':
      return [h('hr')]
    case 'hardbreak':
      return [h('br')]
    case 'softbreak':
      return [' ']
    default:
      return [token.content]
  }
}
