import { describe, expect, it } from 'vitest'
import { commandOf, keyHint, shortcuts, type KeyPress } from '../../../../src/renderer/actions/shortcuts'

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
