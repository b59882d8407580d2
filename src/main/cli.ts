/** Composition root of the headless commands: the same engine as the app's, without Electron. */
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { toFailure } from '#shared/errors'
import { addDecodeCommand } from './cli/decode'
import { addDemoCommand } from './cli/demo'
import { addDevicesCommand } from './cli/devices'
import { addEncodeCommand } from './cli/encode'
import { addGridCommand } from './cli/grid'
import { addInfoCommand } from './cli/info'
import { addLabCommand } from './cli/lab'
import { addMorphCommand } from './cli/morph'
import { addSampleCommand } from './cli/sample'
import { exitCodeOf, printFailure } from './cli/terminal'

const installation = {
  root: join(import.meta.dirname, '../..'),
  engineEntry: join(import.meta.dirname, 'engine.js'),
  probeEntry: join(import.meta.dirname, 'probe.js'),
}

const program = new Command('slerp-studio')
  .description(
    'Encode pictures to DDIM latents, slerp between them, and write the path as pictures or animation.',
  )
  .showHelpAfterError('(add --help for the options)')
  .exitOverride()

for (const add of [
  addEncodeCommand,
  addDecodeCommand,
  addMorphCommand,
  addGridCommand,
  addSampleCommand,
  addInfoCommand,
  addLabCommand,
  addDemoCommand,
  addDevicesCommand,
]) {
  add(program, installation)
}

try {
  await program.parseAsync()
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    // commander has printed its sentence already; help and version are no failure.
    process.exitCode = thrown.exitCode === 0 ? 0 : 2
  } else {
    const failure = toFailure(thrown)
    printFailure(failure, process.argv.includes('--json'))
    process.exitCode = exitCodeOf(failure)
  }
}
