import type { Command } from 'commander'

/**
 * Says in the help of a command where an option comes from when it is not given, for one that another source goes before:
 * a project's own frame rate, the settings of a latent file. The value itself stays.
 *
 * @param flag  the option's long name, with its dashes
 * @param words  in the place of the value: “that of the project”
 * @throws Error where the command has no such option
 */
export function explainDefault(command: Command, flag: string, words: string): void {
  const option = command.options.find(({ long }) => long === flag)
  if (!option) throw new Error(`${command.name()} has no option ${flag}.`)
  option.default(option.defaultValue, words)
}
