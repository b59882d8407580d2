import { keyOf, type KeyPress } from '../base/keyOf'
import { useRunningWork } from '../stores/runningWork'
import { commands, type CommandId, runCommand } from './commands'
import { onMac, keysOf, shortcuts, type KeyChord } from './shortcuts'

/** Something the user can do: a row in a menu or the command palette, and a key in a part of the window. */
export interface ActionRow {
  /** Identifies the action; its icon is looked up by it. */
  readonly id: string
  readonly title: string
  /**
   * Its key. The key of a command works everywhere; any other works while the subject of the row has the focus.
   */
  readonly chord?: KeyChord
  readonly disabled?: boolean
  /** For one of several choices: whether it is the current one. */
  readonly checked?: boolean
  run(): unknown
}

/** Rows as a menu shows them: groups with a line between them. */
export type ActionGroups = readonly (readonly ActionRow[])[]

/** Returns the row of a window command. */
export function commandRow(id: CommandId): ActionRow {
  const chord = shortcuts.find(({ command }) => command === id)
  const row = { id, title: commands[id].title, chord, run: () => runCommand(id) }
  if (id !== 'cancelWork') return row
  const work = useRunningWork().foremost
  return work ? { ...row, title: `Cancel ${work.name}` } : { ...row, disabled: true }
}

/** Returns the rows of all window commands, in the order of `commands`. */
export function commandRows(): ActionRow[] {
  return (Object.keys(commands) as CommandId[]).map(commandRow)
}

/** Returns the keys of a row on one line; empty if it has none. */
export function keysOfRow({ chord }: ActionRow): string {
  return chord ? keysOf(chord, onMac).join(' ') : ''
}

/**
 * Runs the action of a key in a part of the window, from the rows of its menu. Returns whether there was one.
 */
export function runByKey(groups: ActionGroups, press: KeyPress): boolean {
  const row = groups.flat().find(({ chord }) => chord && isPressed(chord, press))
  if (!row || row.disabled) return false
  void row.run()
  return true
}

function isPressed(chord: KeyChord, press: KeyPress): boolean {
  const key = keyOf(press)
  const isKey = key === chord.key || (chord.key === 'Delete' && key === 'Backspace')
  const mod = press.ctrlKey || press.metaKey
  return isKey && !!chord.mod === mod && !!chord.shift === press.shiftKey && !!chord.alt === press.altKey
}
