import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { VNode } from 'vue'
import { cardNodes } from '../../../../../src/renderer/views/inspector/cardNodes'

type Child = VNode | string

const childrenOf = ({ children }: VNode): Child[] =>
  Array.isArray(children) ? (children as Child[]) : typeof children === 'string' ? [children] : []

/** The tree as `tag(children)`, for easy reading in a test. */
function outline(node: Child): string {
  if (typeof node === 'string') return node
  return `${node.type as string}(${childrenOf(node).map(outline).join('')})`
}

const outlineOf = (card: string) => cardNodes(card).map(outline).join(' ')

describe('a model card', () => {
  it('shows headings, lists, paragraphs and code', () => {
    const card = '# Title\nText over\ntwo *lines*.\n\n- one\n  more\n- two\n\n```py\nrun()\n```\n'
    expect(outlineOf(card)).toBe('h3(Title) p(Text over two em(lines).) ul(li(one more)li(two)) pre(run()\n)')
  })

  it('shows tables (would catch rows of raw pipes)', () => {
    expect(outlineOf('| t | error |\n| --- | --- |\n| 5 | 0.2 |')).toBe(
      'table(thead(tr(th(t)th(error)))tbody(tr(td(5)td(0.2))))',
    )
  })

  it('shows links as text and pictures as captions, since the window loads neither', () => {
    expect(outlineOf('See [the paper](https://example.org)')).toBe('p(See span(the paper))')
    expect(outlineOf('![samples](samples.png)')).toBe('p(span(Picture: samples))')
  })

  it('shows HTML as text and never as elements (would catch a card that runs scripts)', () => {
    const card = '<script>alert(1)</script>\n\nA <img src=x onerror=alert(1)> b'
    expect(outlineOf(card)).toBe('p(<script>alert(1)</script>) p(A <img src=x onerror=alert(1)> b)')
  })

  it('of the bundled model has no Markdown left in its text', async () => {
    const file = await readFile('resources/models/fruits-64/README.md', 'utf8')
    const card = file.replace(/^---\n[\s\S]*?\n---\n/, '')
    const text = outlineOf(card)
    expect(text).not.toMatch(/\| ---|!\[|!samples|\*\*|^#/m)
    expect(text).toContain('table(')
  })
})
