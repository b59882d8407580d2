import { describe, expect, it } from 'vitest'
import {
  commandOf,
  keepsKey,
  keyHint,
  shortcuts,
  type KeyPress,
} from '../../../../src/renderer/actions/shortcuts'

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

  it('runs every command of the map by its own key', () => {
    for (const { command, key, mod, shift } of shortcuts) {
      expect(commandOf(press(key, { ctrlKey: !!mod, shiftKey: !!shift }))).toBe(command)
    }
  })

  it('tells undo from redo, and takes Cmd for Ctrl', () => {
    expect(commandOf(press('z', { metaKey: true }))).toBe('undo')
    expect(commandOf(press('Z', { ctrlKey: true, shiftKey: true }))).toBe('redo')
  })

  it('opens the map on layouts where ? needs Shift and where it does not', () => {
    expect(commandOf(press('?', { shiftKey: true }))).toBe('showKeyboard')
    expect(commandOf(press('?'))).toBe('showKeyboard')
  })

  it('leaves letters with Caps Lock the same and Alt to the menu', () => {
    expect(commandOf(press('J'))).toBe('playBackwards')
    expect(commandOf(press('j', { altKey: true }))).toBeNull()
  })
})

describe('keyHint', () => {
  it('names the keys that really run the command, and none for a command without', () => {
    expect(keyHint('togglePlay')).toBe('Space')
    expect(keyHint('redo')).toMatch(/Shift Z$/)
    expect(keyHint('openModel')).toBe('')
  })
})

/** An element that matches the given selectors, itself or through an ancestor. */
const element = (...matching: string[]) => ({
  closest: (selectors: string) =>
    selectors.split(', ').some((selector) => matching.includes(selector)) ? ({} as Element) : null,
})

describe('keys that an element keeps', () => {
  it('leaves a scrolled table those that scroll, and no others (would catch a playhead moved unseen)', () => {
    const table = element('[data-scrolls]')
    expect(['ArrowRight', 'Home', ' '].map((key) => keepsKey(table, press(key)))).toEqual([true, true, true])
    expect(['j', '1'].map((key) => keepsKey(table, press(key)))).toEqual([false, false])
  })

  it("leaves text its undo and all it is written with, and everything else the application's", () => {
    const input = element('input')
    expect(keepsKey(input, press('z', { ctrlKey: true }))).toBe(true)
    expect(keepsKey(input, press('l'))).toBe(true)
    expect(keepsKey(input, press('e', { ctrlKey: true }))).toBe(false)
    expect(keepsKey(element('button'), press(' '))).toBe(true)
    expect(keepsKey(element('button'), press('l'))).toBe(false)
  })

  it('leaves Escape to fields, menus and messages, and to nothing else that takes plain keys', () => {
    const takes = (selector: string) => keepsKey(element(selector), press('Escape'))
    expect(['input', 'textarea', '[role="menu"]', '[data-messages]'].map(takes)).not.toContain(false)
    expect(['button', '[role="slider"]', '[data-scrolls]'].map(takes)).not.toContain(true)
  })

  it('lets the playhead move by the keys that mean the same everywhere', () => {
    expect(keepsKey(element('[role="slider"]', '[data-playhead]'), press('ArrowRight'))).toBe(false)
    expect(keepsKey(element('[role="slider"]'), press('ArrowRight'))).toBe(true)
    expect(keepsKey(element('[role="slider"]'), press('l'))).toBe(false)
  })
})
