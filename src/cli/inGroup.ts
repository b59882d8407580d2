import type { Command } from 'commander'

/** Lists the options that `add` adds under a heading of their own in a command's help. */
export function inGroup(command: Command, heading: string, add: (command: Command) => void): Command {
  const before = command.optionsGroup() || 'Options:'
  add(command.optionsGroup(`${heading}:`))
  return command.optionsGroup(before)
}
