import { describe, expect, it } from 'vitest'
import { runByKey } from '../../../../src/renderer/actions/actionRows'
import { commandOf, keepsKey } from '../../../../src/renderer/actions/shortcuts'
import type { KeyPress } from '../../../../src/renderer/base/keyOf'

/** Presses the key at a place (`code`) of a keyboard whose layout prints `key` there. */
const press = (code: string, key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  getModifierState: () => false,
  ...held,
})
const ctrl = { ctrlKey: true }
const ctrlShift = { ctrlKey: true, shiftKey: true }
const altGr = { getModifierState: (name: string) => name === 'AltGraph' }
const commandsOf = (presses: KeyPress[]) => presses.map(commandOf)
/** Whether a key press in a part of the window runs a row with a chord. */
const runs = (chord: { key: string; mod?: boolean }, at: KeyPress) =>
  runByKey([[{ id: 'one', title: 'One', chord, run: () => undefined }]], at)

describe('shortcuts on a French keyboard', () => {
  const digits = ['&', 'é', '"', "'"].map((key, at) => press(`Digit${at + 1}`, key))
  const views = ['showMorph', 'showFidelity', 'showLab', 'showExplore']

  it('take the digits 1 to 4 with and without Shift (would catch views that no digit shows)', () => {
    expect(commandsOf(digits)).toEqual(views)
    const shifted = ['1', '2', '3', '4'].map((key) => press(`Digit${key}`, key, { shiftKey: true }))
    expect(commandsOf(shifted)).toEqual(views)
  })

  it('take the digits at a slider, which uses none itself', () => {
    const slider = { closest: (all: string) => (all.includes('[role="slider"]') ? ({} as Element) : null) }
    expect(keepsKey(slider, digits[0])).toBe(false)
    expect(keepsKey(slider, press('Digit5', '('))).toBe(true)
  })

  it('take letters, the comma and the minus as they are printed', () => {
    expect(commandOf(press('Semicolon', 'm'))).toBe('addMarker')
    expect(commandOf(press('KeyW', 'z', ctrl))).toBe('undo')
    expect(commandOf(press('KeyM', ',', ctrl))).toBe('showSettings')
    expect(commandOf(press('Digit6', '-'))).toBeNull()
  })
})

describe('shortcuts on a keyboard without Latin letters', () => {
  it('take the letter that an English keyboard has at the place of a Russian one (would catch J, K and L that do nothing)', () => {
    const plain = [press('KeyJ', 'о'), press('KeyK', 'л'), press('KeyL', 'д'), press('KeyM', 'ь')]
    expect(commandsOf(plain)).toEqual(['playBackwards', 'pause', 'playForwards', 'addMarker'])
    const held = [
      press('KeyF', 'а', ctrl),
      press('KeyB', 'и', ctrl),
      press('KeyC', 'С', ctrlShift),
      press('KeyZ', 'Я', ctrlShift),
      press('Comma', 'б', ctrl),
    ]
    expect(commandsOf(held)).toEqual(['findInLibrary', 'toggleLibrary', 'copyFrame', 'redo', 'showSettings'])
  })

  it('take Greek and Hebrew letters likewise', () => {
    expect(commandsOf([press('KeyI', 'ι'), press('KeyO', 'ο'), press('KeyP', 'π')])).toEqual([
      'workAreaStart',
      'workAreaEnd',
      'cycleEnlargement',
    ])
    expect(commandsOf([press('KeyJ', 'ח', ctrl), press('KeyS', 'ד', ctrl)])).toEqual([
      'toggleInspector',
      'saveProject',
    ])
  })

  it('run the actions of the part with the focus (would catch a C, H and Ctrl+V that do nothing)', () => {
    expect(runs({ key: 'c' }, press('KeyC', 'с'))).toBe(true)
    expect(runs({ key: 'h' }, press('KeyH', 'р'))).toBe(true)
    expect(runs({ key: 'v', mod: true }, press('KeyV', 'ω', ctrl))).toBe(true)
    expect(runs({ key: 'v', mod: true }, press('KeyV', 'ω'))).toBe(false)
  })
})

describe('shortcuts on a keyboard with moved Latin letters', () => {
  it('follow the printed letter on German and Dvorak keyboards (would catch shortcuts that follow the place)', () => {
    expect(commandsOf([press('KeyY', 'z', ctrl), press('KeyZ', 'y', ctrl)])).toEqual(['undo', 'redo'])
    expect(commandsOf([press('KeyC', 'j'), press('KeyV', 'k'), press('KeyP', 'l')])).toEqual([
      'playBackwards',
      'pause',
      'playForwards',
    ])
    expect(commandOf(press('KeyW', ',', ctrl))).toBe('showSettings')
    expect(commandsOf([press('KeyJ', 'h'), press('KeyK', 't'), press('KeyL', 'n')])).toEqual([
      null,
      null,
      null,
    ])
    expect(runs({ key: 'c' }, press('KeyI', 'c'))).toBe(true)
  })

  it('have none for umlauts, for the Turkish ö at the place of the comma, and for shifted signs of digits', () => {
    expect(commandsOf([press('Semicolon', 'ö'), press('Quote', 'ä'), press('Comma', 'ö', ctrl)])).toEqual([
      null,
      null,
      null,
    ])
    expect(commandOf(press('Digit1', '!', { shiftKey: true }))).toBeNull()
  })

  it('leave the unshifted plus of Czech keyboards to zooming, and take the shifted 1', () => {
    expect(commandOf(press('Digit1', '+'))).toBeNull()
    expect(commandOf(press('Digit1', '1', { shiftKey: true }))).toBe('showMorph')
  })
})

describe('AltGr', () => {
  it('prints a character and runs no shortcut of its place (would catch a Polish ł that plays the film)', () => {
    expect(commandOf(press('KeyL', 'ł', altGr))).toBeNull()
    expect(commandOf(press('KeyM', 'µ', altGr))).toBeNull()
    expect(runs({ key: 'c' }, press('KeyC', 'ć', altGr))).toBe(false)
  })

  it('is not Ctrl and Alt, as which Windows reports it', () => {
    const onWindows = { ...altGr, ctrlKey: true, altKey: true }
    expect(commandOf(press('KeyE', '€', onWindows))).toBeNull()
    expect(runs({ key: 'e', mod: true }, press('KeyE', '€', onWindows))).toBe(false)
  })
})
