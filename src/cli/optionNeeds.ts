import type { Command } from 'commander'
import { StudioError } from '#shared/errors'

/**
 * Refuses options on the command line that do nothing without another one, before the command starts.
 *
 * @param names  as commander's attributes: `featureRange` for --feature-range
 * @param needed  the other option as it would be typed: `--timing even`
 * @param isThere  whether the command line has it
 * @throws StudioError BAD_INPUT naming both, when the command is run
 */
export function requireBeside<Options extends object>(
  command: Command,
  names: readonly (keyof Options & string)[],
  needed: string,
  isThere: (options: Options) => boolean,
): Command {
  return command.hook('preAction', () => {
    if (isThere(command.opts<Options>())) return
    const given = names.find((name) => command.getOptionValueSource(name) === 'cli')
    if (given === undefined) return
    const flag = command.options.find((option) => option.attributeName() === given)!.long
    throw new StudioError(
      'BAD_INPUT',
      `${flag} has no effect without ${needed}: add ${needed}, or leave ${flag} out.`,
    )
  })
}
