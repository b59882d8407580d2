/** Composition root of the headless commands: the same engine as the app's, without Electron. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { toFailure } from '#shared/errors'
import { callFailure } from './callFailure'
import { addCompareCommand } from './compare'
import { addDecodeCommand } from './decode'
import { addDemoCommand } from './demo'
import { addDevicesCommand } from './devices'
import { addEncodeCommand } from './encode'
import { addGridCommand } from './grid'
import { addInfoCommand } from './info'
import { addLabCommand } from './lab'
import { addMorphCommand } from './morph'
import { renameOldFlags } from './oldFlags'
import { addSampleCommand } from './sample'
import { exitCodeOf, outliveOutput, printFailure } from './terminal'

const installation = {
  root: join(import.meta.dirname, '../..'),
  engineEntry: join(import.meta.dirname, 'engine.js'),
  probeEntry: join(import.meta.dirname, 'probe.js'),
}

const { version } = JSON.parse(readFileSync(join(installation.root, 'package.json'), 'utf8')) as {
  version: string
}

const program = new Command('slerp-studio')
  .description(
    'Encode pictures to DDIM latents, slerp between them, and write the path as pictures or animation.',
  )
  .version(version)
  .exitOverride()
  // What is wrong with a call is printed below, like every other failure.
  .configureOutput({ outputError: () => undefined })

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
  addCompareCommand,
]) {
  add(program, installation)
}

outliveOutput()
try {
  await program.parseAsync(renameOldFlags(process.argv.slice(2)), { from: 'user' })
} catch (thrown) {
  const failure = thrown instanceof CommanderError ? callFailure(thrown) : toFailure(thrown)
  if (failure) printFailure(failure, process.argv.includes('--json'))
  process.exitCode = failure ? exitCodeOf(failure) : (thrown as CommanderError).exitCode
}
