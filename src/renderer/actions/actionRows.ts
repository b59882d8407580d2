import { useRunningWork } from '../stores/runningWork'
import { commandTitles, runCommand, type CommandId } from './commands'
import { onMac, keysOf, shortcuts, type KeyChord, type KeyPress } from './shortcuts'

/** Something that a person can do: a row of a menu, of the command palette, and of the keys of a part of the window. */
export interface ActionRow {
  /** Names the action; its icon is found by it. */
  readonly id: string
  readonly title: string
  /** The key that does it where its subject has the focus, or everywhere for a command. */
  readonly chord?: KeyChord
  readonly disabled?: boolean
  /** For one of several choices: whether it is the one in use. */
  readonly checked?: boolean
  run(): unknown
}

/** Rows as a menu shows them: groups, with a line between each two. */
export type ActionGroups = readonly (readonly ActionRow[])[]

/** The row of a command of the window. */
export function commandRow(id: CommandId): ActionRow {
  const chord = shortcuts.find(({ command }) => command === id)
  const row = { id, title: commandTitles[id], chord, run: () => runCommand(id) }
  if (id !== 'cancelWork') return row
  const work = useRunningWork().foremost
  return work ? { ...row, title: `Cancel ${work.name}` } : { ...row, disabled: true }
}

/** All commands of the window, in the order of their titles' table. */
export function commandRows(): ActionRow[] {
  return (Object.keys(commandTitles) as CommandId[]).map(commandRow)
}

/** The keys of a row in one line; empty when it has none. */
export function keysOfRow({ chord }: ActionRow): string {
  return chord ? keysOf(chord, onMac).join(' ') : ''
}

/** Does what a key means to a part of the window, by the rows of its menu. Answers whether there was such a row. */
export function runByKey(groups: ActionGroups, press: KeyPress): boolean {
  const row = groups.flat().find(({ chord }) => chord && isPressed(chord, press))
  if (!row || row.disabled) return false
  void row.run()
  return true
}

function isPressed(chord: KeyChord, press: KeyPress): boolean {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
  const isKey = key === chord.key || (chord.key === 'Delete' && key === 'Backspace')
  const mod = press.ctrlKey || press.metaKey
  return isKey && !!chord.mod === mod && !!chord.shift === press.shiftKey && !!chord.alt === press.altKey
}
