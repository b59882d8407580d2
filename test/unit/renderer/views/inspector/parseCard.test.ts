import { describe, expect, it } from 'vitest'
import { parseCard } from '../../../../../src/renderer/views/inspector/parseCard'

describe('parseCard', () => {
  it('reads headings, lists, paragraphs and code', () => {
    const card = '# Title\nText over\ntwo lines.\n\n- one\n  more\n- two\n\n```py\nrun()\n```\n'
    expect(parseCard(card)).toEqual([
      { kind: 'heading', text: 'Title' },
      { kind: 'paragraph', text: 'Text over two lines.' },
      { kind: 'list', items: ['one more', 'two'] },
      { kind: 'code', text: 'run()' },
    ])
  })

  it('shows links and marks as plain words', () => {
    expect(parseCard('See **the** [paper](https://example.org) `x`')).toEqual([
      { kind: 'paragraph', text: 'See the paper x' },
    ])
  })
})
