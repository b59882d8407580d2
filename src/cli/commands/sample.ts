import { Option, type Command } from 'commander'
import { hasSeeds, type ItemContent, itemContents, type SamplePlan, sourceOfSample } from '#shared/batch'
import { StudioError } from '#shared/errors'
import { limits } from '#shared/limits'
import { runExport } from '../export'
import type { CommandEnvironment } from '../installation'
import { conditionFieldsOf } from '../conditionOptions'
import { addDiffusionOptions, decodeSettingsOf, type DiffusionOptions } from '../diffusionOptions'
import { addOutputOptions, formatOf, type OutputOptions } from '../outputOptions'
import { wholeNumber } from '../parsers'
import { addShardOption, runItems, sharedFolder, type ShardOptions } from '../shards'

interface SampleOptions extends DiffusionOptions, OutputOptions, ShardOptions {
  output: string
  count: number
  content: ItemContent
  keepLatents?: boolean
  balanced?: boolean
}

/** `sample`: makes pictures from seeds alone. */
export function addSampleCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('sample')
    .description('decode Gaussian latents of consecutive seeds')
    .option(
      '--count <number>',
      `number of pictures: up to ${limits.samplesInFile.max} in a file, ${limits.samples.max} in a folder`,
      wholeNumber(limits.samples),
      16,
    )
    .addOption(
      new Option('--content <kind>', 'in a folder: PNG pictures, or float32 values on [-1, 1]')
        .choices(itemContents)
        .default('png'),
    )
    .option('--keep-latents', 'in a folder: save the x_T of each picture next to it, as .npy')
    .option('--balanced', 'give picture k the class k mod K, for class-conditional models')
  addDiffusionOptions(addOutputOptions(addShardOption(command), 'samples.png')).action(
    (options: SampleOptions) => runSample(installation, options),
  )
}

function runSample(installation: CommandEnvironment, options: SampleOptions): Promise<void> {
  const { output, shard, content, keepLatents: latents = false } = options
  requireSeeds(options)
  const decode = decodeSettingsOf(options)
  const isFolder = formatOf(output, options) === 'png'
  if (!isFolder && !shard) {
    requireFile(options)
    return runExport(installation, options, () => ({ plan: listPlan(options), output, decode }))
  }
  return runItems(installation, options, () => ({
    plan: samplePlan(options),
    folder: shard ? sharedFolder(output, isFolder) : output,
    content,
    latents,
    decode,
  }))
}

function samplePlan({ seed, count, end, balanced = false, ...options }: SampleOptions): SamplePlan {
  return { kind: 'samples', seed, count, endTimestep: end, ...conditionFieldsOf(options), balanced }
}

function listPlan(options: SampleOptions) {
  const plan = samplePlan(options)
  const latents = Array.from({ length: plan.count }, (_, i) => sourceOfSample(plan, i, null))
  return { kind: 'list' as const, latents }
}

/** @throws StudioError BAD_INPUT if the last picture's seed would be too large */
function requireSeeds({ seed, count }: SampleOptions): void {
  if (hasSeeds({ seed, count })) return
  throw new StudioError(
    'BAD_INPUT',
    `--count ${count} from --seed ${seed} on passes the largest seed, ${limits.seed.max}: give a smaller seed.`,
  )
}

/** @throws StudioError BAD_INPUT for options that only a folder supports */
function requireFile({ output, count, content, keepLatents, balanced }: SampleOptions): void {
  const { max } = limits.samplesInFile
  const reason =
    count > max
      ? `can hold at most ${max} pictures`
      : (content !== 'png' || keepLatents || balanced) &&
        'is a single file, and --content, --keep-latents and --balanced need a folder'
  if (reason) {
    throw new StudioError('BAD_INPUT', `"${output}" ${reason}: name a folder with -o, such as -o samples.`)
  }
}
