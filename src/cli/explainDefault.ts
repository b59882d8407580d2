import type { Command } from 'commander'

/**
 * Shows in a command's help where the value of an option comes from when the option is not given and another
 * source takes precedence over its default: a project's frame rate, or the settings of a latent file. The
 * default itself stays. An option without one names its default in its description, which is corrected.
 *
 * @param flag  the option's long name, with its dashes
 * @param words  shown instead of the default: “that of the project”
 * @throws Error if the command has no such option
 */
export function explainDefault(command: Command, flag: string, words: string): void {
  const option = command.options.find(({ long }) => long === flag)
  if (!option) throw new Error(`${command.name()} has no option ${flag}.`)
  if (option.defaultValue !== undefined) option.default(option.defaultValue, words)
  else option.description = `${option.description.replace(/ \(default: [^)]*\)$/, '')} (default: ${words})`
}
