import { Command, CommanderError } from 'commander'
import { toFailure } from '#shared/errors'
import { addCacheCommand } from './commands/cache'
import { answerCode, callFailure } from './callFailure'
import { addCompareCommand } from './commands/compare'
import { addDecodeCommand } from './commands/decode'
import { addDemoCommand } from './commands/demo'
import { addDevicesCommand } from './commands/devices'
import { addDirectionCommand } from './commands/direction'
import { addDistanceCommand } from './commands/distance'
import { addEncodeCommand } from './commands/encode'
import { addExportOnnxCommand } from './commands/exportOnnx'
import { addGridCommand } from './commands/grid'
import { addInfoCommand } from './commands/info'
import { addLabCommand } from './commands/lab'
import { addMergeCommand } from './commands/merge'
import { addModelsCommand } from './commands/models'
import { addMorphCommand } from './commands/morph'
import { renameOldFlags } from './oldFlags'
import { addProjectCommands } from './commands/project'
import { addPullCommand } from './commands/pull'
import { addRenderCommand } from './commands/render'
import { addSampleCommand } from './commands/sample'
import { addWalkCommand } from './commands/walk'
import { addSetupCudaCommand } from './commands/setupCuda'
import type { CommandEnvironment } from './installation'
import { exitCodeOf } from './exitCodes'
import { outliveOutput, printFailure } from './terminal'

const commands = [
  addEncodeCommand,
  addDecodeCommand,
  addMorphCommand,
  addGridCommand,
  addWalkCommand,
  addDirectionCommand,
  addSampleCommand,
  addMergeCommand,
  addDistanceCommand,
  addExportOnnxCommand,
  addInfoCommand,
  addLabCommand,
  addDemoCommand,
  addDevicesCommand,
  addSetupCudaCommand,
  addCompareCommand,
  addCacheCommand,
  addModelsCommand,
  addPullCommand,
  addProjectCommands,
  addRenderCommand,
]

/**
 * Runs one command on the same engine as the app, without a window. Prints failures and never throws them.
 *
 * @param args  the arguments after the program's name
 * @returns the exit code; a failure to write output sets the process's own later
 */
export async function runCommandLine(
  args: readonly string[],
  installation: CommandEnvironment,
): Promise<number> {
  const program = new Command('slerp-studio')
    .description(
      'Encode pictures to DDIM latents, slerp between them, and write the path as pictures or animation.',
    )
    .version(installation.version)
    .exitOverride()
    // Usage errors are printed below, like every other failure.
    .configureOutput({ outputError: () => undefined })
  for (const add of commands) add(program, installation)

  outliveOutput()
  try {
    await program.parseAsync(renameOldFlags([...args]), { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (thrown) {
    const failure = thrown instanceof CommanderError ? callFailure(thrown) : toFailure(thrown)
    if (failure) printFailure(failure, args.includes('--json'))
    return failure ? exitCodeOf(failure) : answerCode(thrown as CommanderError)
  }
}
