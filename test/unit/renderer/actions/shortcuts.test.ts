import { describe, expect, it } from 'vitest'
import { commandOf, keepsKey, keyHint, shortcuts } from '../../../../src/renderer/actions/shortcuts'
import type { KeyPress } from '../../../../src/renderer/base/keyOf'

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

describe('shortcuts', () => {
  it('gives each key one meaning', () => {
    const presses = shortcuts.map(({ key, mod, shift }) => `${key}|${!!mod}|${!!shift}`)
    expect(new Set(presses).size).toBe(presses.length)
  })

  it('finds every command by its key', () => {
    for (const { command, key, mod, shift } of shortcuts) {
      expect(commandOf(press(key, { ctrlKey: !!mod, shiftKey: !!shift }))).toBe(command)
    }
  })

  it('distinguishes undo from redo, and accepts Cmd for Ctrl', () => {
    expect(commandOf(press('z', { metaKey: true }))).toBe('undo')
    expect(commandOf(press('Z', { ctrlKey: true, shiftKey: true }))).toBe('redo')
  })

  it('opens the keyboard map on layouts where ? needs Shift and where it does not', () => {
    expect(commandOf(press('?', { shiftKey: true }))).toBe('showKeyboard')
    expect(commandOf(press('?'))).toBe('showKeyboard')
  })

  it('ignores Caps Lock for letters, and leaves Alt to the menu', () => {
    expect(commandOf(press('J'))).toBe('playBackwards')
    expect(commandOf(press('j', { altKey: true }))).toBeNull()
  })
})

describe('keyHint', () => {
  it('names the keys that run a command, and none for a command without a shortcut', () => {
    expect(keyHint('togglePlay')).toBe('Space')
    expect(keyHint('redo')).toMatch(/Shift Z$/)
    expect(keyHint('showAbout')).toBe('')
  })
})

/** An element that matches the given selectors, itself or through an ancestor. */
const element = (...matching: string[]) => ({
  closest: (selectors: string) =>
    selectors.split(', ').some((selector) => matching.includes(selector)) ? ({} as Element) : null,
})

describe('keys that an element keeps', () => {
  it('are only the scrolling keys for a scrollable table (would catch a playhead that moves out of sight)', () => {
    const table = element('[data-scrolls]')
    expect(['ArrowRight', 'Home', ' '].map((key) => keepsKey(table, press(key)))).toEqual([true, true, true])
    expect(['j', '1'].map((key) => keepsKey(table, press(key)))).toEqual([false, false])
  })

  it('are typing and undo for a text field and Space for a button, but no other shortcuts', () => {
    const input = element('input')
    expect(keepsKey(input, press('z', { ctrlKey: true }))).toBe(true)
    expect(keepsKey(input, press('l'))).toBe(true)
    expect(keepsKey(input, press('e', { ctrlKey: true }))).toBe(false)
    expect(keepsKey(element('button'), press(' '))).toBe(true)
    expect(keepsKey(element('button'), press('l'))).toBe(false)
  })

  it('include Escape for fields, menus and messages, but not for other elements that take plain keys', () => {
    const takes = (selector: string) => keepsKey(element(selector), press('Escape'))
    expect(['input', 'textarea', '[role="menu"]', '[data-messages]'].map(takes)).not.toContain(false)
    expect(['button', '[role="slider"]', '[data-scrolls]'].map(takes)).not.toContain(true)
  })

  it('include the arrow keys for a slider, but not for the playhead', () => {
    expect(keepsKey(element('[role="slider"]', '[data-playhead]'), press('ArrowRight'))).toBe(false)
    expect(keepsKey(element('[role="slider"]'), press('ArrowRight'))).toBe(true)
    expect(keepsKey(element('[role="slider"]'), press('l'))).toBe(false)
  })
})
