import { InvalidArgumentError, type Command } from 'commander'
import type { ItemContent, SamplePlan, Shard } from '#shared/batch'
import { StudioError } from '#shared/errors'
import { limits } from '#shared/limits'
import type { FramePlan } from '#shared/framePlan'
import type { ModelSource } from '#shared/modelSource'
import type { DecodeSettings } from '#core/diffusion/settings'
import type { FrameRange } from '#core/timeline/frameRange'
import type { Repeat } from '#core/timeline/playOrder'
import { formatDuration, plural } from '#core/format/quantities'
import { withEngine, type EngineCall } from './engineCall'
import type { CommandEnvironment } from './installation'
import { modelOf, type ModelOptions } from './modelOptions'
import { refuseAnimationOptions, type OutputOptions } from './outputOptions'
import { describeCompute } from './output'
import { printResult } from './terminal'

/** The options of commands that can split their work into shards. */
export interface ShardOptions {
  shard?: Shard
}

/** Adds the option of {@link ShardOptions}. */
export function addShardOption(command: Command): Command {
  return command.option(
    '--shard <i/n>',
    'make only items i, i + n, … (counted from 0) in a folder that all n shards share; "auto" or "auto/n" takes i from Slurm or Kubernetes',
    (text) => parseShard(text, process.env),
  )
}

/**
 * Parses a shard from the command line: "3/8", or "auto" if the scheduler provides it. `auto/8` takes the number of
 * the array task, or of the completion, unchanged, so it stays right when only some tasks are rerun.
 */
export function parseShard(text: string, environment: Readonly<Record<string, string | undefined>>): Shard {
  const [, which, count] = /^(\d+|auto)(?:\/(\d+))?$/.exec(text) ?? []
  if (which === undefined || (which !== 'auto' && count === undefined)) {
    throw new InvalidArgumentError('Give a shard as i/n, such as 0/8, or auto.')
  }
  const shard =
    which === 'auto' ? shardOfScheduler(count, environment) : { index: Number(which), count: Number(count) }
  const { min, max } = limits.shards
  if (shard.count < min || shard.count > max) {
    throw new InvalidArgumentError(`The number of shards must be from ${min} to ${max}.`)
  }
  if (shard.index >= shard.count) {
    throw new InvalidArgumentError(
      `Shards count from 0: the last of ${shard.count} is ${shard.count - 1}/${shard.count}.`,
    )
  }
  return shard
}

/** Returns the whole number that a variable of the environment holds; null if it holds none. */
type ReadNumber = (name: string) => number | null

function shardOfScheduler(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Shard {
  const number: ReadNumber = (name) => wholeOf(environment[name])
  const task = number('SLURM_ARRAY_TASK_ID')
  const completion = number('JOB_COMPLETION_INDEX')
  const index = task ?? completion
  if (given !== undefined && index !== null) return { index, count: Number(given) }
  if (given === undefined) {
    const shard = task !== null ? shardOfSlurm(task, number) : shardOfKubernetes(completion, number)
    if (shard !== null) return shard
  }
  throw new InvalidArgumentError(
    'No variable names the shard: "auto" reads SLURM_ARRAY_TASK_ID with _COUNT and _MIN, or JOB_COMPLETION_INDEX with JOB_COMPLETIONS; "auto/8" needs only the first of each.',
  )
}

/** Returns the shard of an array task of Slurm; null if the variables do not say how many there are. */
function shardOfSlurm(task: number, number: ReadNumber): Shard | null {
  const first = number('SLURM_ARRAY_TASK_MIN')
  const count = number('SLURM_ARRAY_TASK_COUNT')
  const step = number('SLURM_ARRAY_TASK_STEP') ?? 1
  if (first === null || count === null) return null
  const index = (task - first) / step
  // Variables that were set by hand may name no task of the array.
  return Number.isInteger(index) && index >= 0 ? { index, count } : null
}

/** Returns the shard of a completion of an indexed Kubernetes job; null if there is none. */
function shardOfKubernetes(completion: number | null, number: ReadNumber): Shard | null {
  const count = number('JOB_COMPLETIONS')
  return completion === null || count === null ? null : { index: completion, count }
}

function wholeOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}

/** Work that a command wants done item by item. */
export interface ItemJob {
  readonly plan: FramePlan | SamplePlan
  readonly folder: string
  readonly decode: DecodeSettings
  /** The model that makes the items; by default, the one that the command line names. */
  readonly model?: ModelSource
  readonly content?: ItemContent
  readonly latents?: boolean
  /** The items to make; all of them by default. */
  readonly range?: FrameRange
  /** Frames per second of the film that the items are for. */
  readonly fps?: number
  /** How that film repeats. */
  readonly repeat?: Repeat
}

/**
 * Makes the items of one shard, or of a whole job, in a folder, and prints the report.
 *
 * @throws StudioError BAD_INPUT for options that only `merge` can follow, and for one shard that would remove
 *   what others have made; one with `data.resumable` if a signal ended the work, in which case finished
 *   items are kept
 */
export async function runItems(
  installation: CommandEnvironment,
  options: ModelOptions & ShardOptions & OutputOptions,
  describeJob: (call: EngineCall) => ItemJob | Promise<ItemJob>,
): Promise<void> {
  const { batch, shard, force: overwrite, json = false } = options
  refuseAnimationOptions(options)
  if (shard && shard.count > 1 && overwrite) {
    throw new StudioError(
      'BAD_INPUT',
      '--force would remove what other shards have made: leave --force out, or name an empty folder with -o.',
    )
  }
  const report = await resumable(() =>
    withEngine(installation, async (call) => {
      const { model = modelOf(installation, options), ...job } = await describeJob(call)
      return call('batch.run', { model, ...job, batch, shard, overwrite })
    }),
  )
  const { folder, items, total, resumedItems, seconds, compute } = report
  const all = `${total} ${plural(total, 'item')}`
  const share = shard ? `shard ${shard.index}/${shard.count}, ${items} of ${all}` : all
  const resumed = resumedItems > 0 ? `, ${resumedItems} of them from an earlier run` : ''
  printResult(json, { ok: true, ...report }, [
    `${folder}: ${share}${resumed}`,
    `${formatDuration(seconds)} on ${describeCompute(compute)}`,
  ])
}

/** Marks work that a signal ended as resumable. */
export async function resumable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'CANCELLED') throw error
    throw new StudioError(
      'CANCELLED',
      `${error.message} Finished items are kept: run the same command again to continue.`,
      {
        ...error.data,
        resumable: true,
      },
    )
  }
}

/**
 * Returns the folder that shards share.
 *
 * @param isFolder  whether `output` names a folder, by its format
 * @throws StudioError BAD_INPUT if it names a file
 */
export function sharedFolder(output: string, isFolder: boolean): string {
  if (isFolder) return output
  throw new StudioError(
    'BAD_INPUT',
    `All shards write into the same folder, and "${output}" is a file: name a folder with -o, and make the file from it with "merge".`,
  )
}
