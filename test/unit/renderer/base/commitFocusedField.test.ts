import { afterEach, expect, it, vi } from 'vitest'
import { commitFocusedField } from '../../../../src/renderer/base/commitFocusedField'

afterEach(() => vi.unstubAllGlobals())

/** Focuses an element of this tag; returns what happens to it. */
function focusOn(tag: string): string[] {
  const done: string[] = []
  const activeElement = {
    matches: (selector: string) => selector.split(', ').includes(tag),
    blur: () => done.push('blur'),
    focus: () => done.push('focus'),
  }
  vi.stubGlobal('document', { activeElement })
  return done
}

it.each(['input', 'textarea'])('an %s is left, which commits its text, and entered again', (tag) => {
  const done = focusOn(tag)
  commitFocusedField()
  expect(done).toEqual(['blur', 'focus'])
})

it('anything else keeps the focus without an event', () => {
  const done = focusOn('button')
  commitFocusedField()
  vi.stubGlobal('document', { activeElement: null })
  commitFocusedField()
  expect(done).toEqual([])
})
