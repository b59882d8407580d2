import { Command, CommanderError } from 'commander'
import { toFailure } from '#shared/errors'
import { addCacheCommand } from './cache'
import { answerCode, callFailure } from './callFailure'
import { addCompareCommand } from './compare'
import { addDecodeCommand } from './decode'
import { addDemoCommand } from './demo'
import { addDevicesCommand } from './devices'
import { addDirectionCommand } from './direction'
import { addDistanceCommand } from './distance'
import { addEncodeCommand } from './encode'
import { addExportOnnxCommand } from './exportOnnx'
import { addGridCommand } from './grid'
import { addInfoCommand } from './info'
import { addLabCommand } from './lab'
import { addMergeCommand } from './merge'
import { addModelsCommand } from './models'
import { addMorphCommand } from './morph'
import { renameOldFlags } from './oldFlags'
import { addProjectCommands } from './project'
import { addPullCommand } from './pull'
import { addRenderCommand } from './render'
import { addSampleCommand } from './sample'
import { addWalkCommand } from './walk'
import { addSetupCudaCommand } from './setupCuda'
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
