import { keyOf, type KeyPress } from '../base/keyOf'
import type { CommandId } from './commands'

/** A key with its modifiers. `mod` is Ctrl, or Cmd on a Mac. */
export interface KeyChord {
  readonly key: string
  readonly mod?: boolean
  readonly shift?: boolean
  readonly alt?: boolean
}

/** A key and its command. */
export interface Shortcut extends KeyChord {
  readonly command: CommandId
}

/** All shortcuts, in the order in which the dialog shows them. */
export const shortcuts: readonly Shortcut[] = [
  { command: 'togglePlay', key: ' ' },
  { command: 'previousFrame', key: 'ArrowLeft' },
  { command: 'nextFrame', key: 'ArrowRight' },
  { command: 'previousTen', key: 'ArrowLeft', shift: true },
  { command: 'nextTen', key: 'ArrowRight', shift: true },
  { command: 'previousStop', key: 'ArrowUp' },
  { command: 'nextStop', key: 'ArrowDown' },
  { command: 'firstFrame', key: 'Home' },
  { command: 'lastFrame', key: 'End' },
  { command: 'playBackwards', key: 'j' },
  { command: 'pause', key: 'k' },
  { command: 'playForwards', key: 'l' },
  { command: 'addMarker', key: 'm' },
  { command: 'workAreaStart', key: 'i' },
  { command: 'workAreaEnd', key: 'o' },
  { command: 'showMorph', key: '1' },
  { command: 'showFidelity', key: '2' },
  { command: 'showLab', key: '3' },
  { command: 'showExplore', key: '4' },
  { command: 'cancelWork', key: 'Escape' },
  { command: 'newProject', key: 'n', mod: true },
  { command: 'openProject', key: 'o', mod: true },
  { command: 'saveProject', key: 's', mod: true },
  { command: 'saveProjectAs', key: 's', mod: true, shift: true },
  { command: 'openPictures', key: 'i', mod: true },
  { command: 'openModel', key: 'o', mod: true, shift: true },
  { command: 'encodeAll', key: 'e', mod: true },
  { command: 'export', key: 'e', mod: true, shift: true },
  { command: 'undo', key: 'z', mod: true },
  { command: 'redo', key: 'z', mod: true, shift: true },
  { command: 'redo', key: 'y', mod: true },
  { command: 'findInLibrary', key: 'f', mod: true },
  { command: 'copyFrame', key: 'c', mod: true, shift: true },
  { command: 'cycleEnlargement', key: 'p' },
  { command: 'toggleLibrary', key: 'b', mod: true },
  { command: 'toggleInspector', key: 'j', mod: true },
  { command: 'showSettings', key: ',', mod: true },
  { command: 'showPalette', key: 'k', mod: true },
  { command: 'showKeyboard', key: '?' },
  { command: 'showManual', key: 'F1' },
]

/** Keys that need Shift on some keyboards: the question mark, and the digits on French ones. */
const anyShift = /^[?1-4]$/

/** Returns the command of a key press; null if it has none. */
export function commandOf(press: KeyPress): CommandId | null {
  if (press.altKey) return null
  const key = keyOf(press)
  const mod = press.ctrlKey || press.metaKey
  const found = shortcuts.find(
    (one) => one.key === key && !!one.mod === mod && (anyShift.test(key) || !!one.shift === press.shiftKey),
  )
  return found?.command ?? null
}

/**
 * Whether a dialog or a question is open: each has a scrim, which covers everything else in the window. Until
 * it is closed or answered, commands of the keyboard and the menu do nothing. Only files that are opened or
 * dropped are still imported.
 */
export function isDialogOpen(): boolean {
  return document.querySelector('.scrim') !== null
}

/**
 * Elements that use plain keys themselves, so that shortcuts without Ctrl or Cmd do not apply in them. The library is not among them: it
 * stops the events of the keys that it uses, and every other key means the same there as elsewhere.
 */
const keepsAllKeys = 'input, textarea, .floating, [role="menu"], [role="slider"]'
const keepsSpace = 'button, a, summary, [role="tab"], [role="radio"], [role="switch"], [role="option"]'
/** Elements in which Escape has its own meaning: a field restores its text, and a menu or a message closes. */
const keepsEscape = 'input, textarea, .floating, [role="menu"], [data-messages]'
/** Elements that are scrolled by keys keep the keys that scroll. */
const keepsScrolling = '[data-scrolls]'
const scrolls = /^(Arrow.*|Page.*|Home|End| )$/

/** Whether the focused element needs a key itself, although the key has a command. */
export function keepsKey(target: Pick<Element, 'closest'>, press: KeyPress): boolean {
  const { key, ctrlKey, metaKey } = press
  if (key === 'Escape') return target.closest(keepsEscape) !== null
  const plain = !(ctrlKey || metaKey)
  if (plain && target.closest(keepsAllKeys) && !isTransport(target, keyOf(press))) return true
  if (plain && scrolls.test(key) && target.closest(keepsScrolling)) return true
  if (key === ' ' && target.closest(keepsSpace)) return true
  // Text fields have their own undo. A number field stops the event itself while it has something to undo.
  const writes = target.closest('input, textarea') !== null && !target.closest('[role="spinbutton"]')
  return /^(undo|redo)$/.test(commandOf(press) ?? '') && writes
}

/**
 * Whether a key keeps its usual command in a slider. On the playhead, which is a slider, all keys do; in any
 * other slider, letters and digits do, because it has no use for them.
 */
function isTransport(target: Pick<Element, 'closest'>, key: string): boolean {
  if (target.closest('[data-playhead]')) return true
  return /^[jkl?1234pmio]$/.test(key) && !!target.closest('[role="slider"]') && !target.closest('input')
}

const keyNames: Record<string, string> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
}

/** Returns the keys of a shortcut as they are printed on a keyboard. */
export function keysOf({ key, mod, shift, alt }: KeyChord, mac: boolean): string[] {
  const name = keyNames[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  const held = [mod && (mac ? '⌘' : 'Ctrl'), alt && (mac ? '⌥' : 'Alt'), shift && 'Shift']
  return [...held.filter((one) => typeof one === 'string'), name]
}

/** Whether this is a Mac, where Cmd replaces Ctrl. */
export const onMac = typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac')

/** Returns the keys of a command on one line, for its button's tooltip; empty if it has none. */
export function keyHint(command: CommandId): string {
  const shortcut = shortcuts.find((one) => one.command === command)
  return shortcut ? keysOf(shortcut, onMac).join(' ') : ''
}
