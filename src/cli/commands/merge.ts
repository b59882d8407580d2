import type { Command } from 'commander'
import { formatBytes, plural } from '#core/format/quantities'
import { withEngine } from '../engineCall'
import { explainDefault } from '../explainDefault'
import type { CommandEnvironment } from '../installation'
import {
  addTargetOptions,
  exportTargetOf,
  namedRepeat,
  refuseWithoutOutput,
  type OutputOptions,
} from '../outputOptions'
import { somePath } from '../parsers'
import { printResult } from '../terminal'

interface MergeOptions extends OutputOptions {
  output?: string
  json?: boolean
}

/** `merge DIR`: checks that all shards are complete, and joins their items into one film. */
export function addMergeCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('merge')
    .description('check that a folder of shards is complete, and make a film or a picture of its items')
    .argument('<folder>', 'the folder that the shards wrote into', somePath)
    .option('--json', 'print one JSON object on stdout')
  addTargetOptions(command).action((folder: string, options: MergeOptions) =>
    runMerge(installation, folder, options, command),
  )
  explainDefault(command, '--fps', 'that of the project, or 20 without one')
  explainDefault(command, '--repeat', 'that of the project, or forever without one')
}

async function runMerge(
  installation: CommandEnvironment,
  folder: string,
  options: MergeOptions,
  command: Command,
): Promise<void> {
  const { output: path, fps } = options
  if (path === undefined) refuseWithoutOutput(command)
  // A film made from a project has its own frame rate, and repeats in its own way.
  const namesFps = command.getOptionValueSource('fps') !== 'default'
  const own = { fps: namesFps ? fps : undefined, repeat: namedRepeat(command) }
  const target = path === undefined ? undefined : { ...exportTargetOf(path, options), ...own }
  const report = await withEngine(installation, (call) => call('batch.merge', { folder, target }))
  const { items, shards, output } = report
  printResult(options.json ?? false, { ok: true, ...report }, [
    `${folder}: complete, ${items} ${plural(items, 'item')} of ${shards} ${plural(shards, 'shard')}`,
    ...(output
      ? [`${output.path}: ${output.frames} ${plural(output.frames, 'frame')}, ${formatBytes(output.bytes)}`]
      : []),
  ])
}
