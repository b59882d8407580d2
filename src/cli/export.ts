import { existsSync } from 'node:fs'
import type { DecodeSettings } from '#core/diffusion/settings'
import type { FrameRange } from '#core/timeline/frameRange'
import type { Repeat } from '#core/timeline/playOrder'
import type { EngineRoutes, RouteInput } from '#shared/contract'
import { toFailure, type ErrorCode, type Failure } from '#shared/errors'
import type { ExportReport } from '#shared/reports'
import type { FramePlan } from '#shared/framePlan'
import type { ModelSource } from '#shared/modelSource'
import { partialFolderOf } from '#files/partialFolder'
import { withEngine, type EngineCall } from './engineCall'
import type { CommandEnvironment } from './installation'
import { modelOf, type ModelOptions } from './modelOptions'
import { describeExport } from './output'
import { exportTargetOf, formatOf, type OutputOptions } from './outputOptions'
import { runItems, sharedFolder, type ShardOptions } from './shards'
import { printResult, say } from './terminal'

/** The export that one command asks for. */
export interface ExportJob {
  readonly plan: FramePlan
  readonly output: string
  readonly decode: DecodeSettings
  /** The model that makes the frames; by default, the one that the command line names. */
  readonly model?: ModelSource
  /** Frames per second; by default, that of the command line. */
  readonly fps?: number
  /** How the film repeats; by default, as the command line says. */
  readonly repeat?: Repeat
  /** The frames to include; all of them by default. */
  readonly range?: FrameRange
}

/** Runs an export and prints its report: the last part of `decode`, `morph`, `grid` and `sample`. */
export async function runExport(
  installation: CommandEnvironment,
  options: ModelOptions & OutputOptions & ShardOptions,
  describeJob: (call: EngineCall) => ExportJob | Promise<ExportJob>,
): Promise<void> {
  if (options.shard) {
    return runItems(installation, options, async (call) => {
      const { output, ...job } = await describeJob(call)
      return { ...job, folder: sharedFolder(output, formatOf(output, options) === 'png') }
    })
  }
  const report = await withEngine(installation, async (call) => {
    const {
      plan,
      output,
      decode,
      model = modelOf(installation, options),
      fps = options.fps,
      repeat,
      range,
    } = await describeJob(call)
    const target = { ...exportTargetOf(output, { ...options, fps }), ...(repeat && { repeat }), range }
    return callExport(call, { model, plan, decode, target, batch: options.batch })
  })
  printResult(options.json ?? false, { ok: true, ...report }, describeExport(report))
}

/** Calls the engine for one export; says where the finished frames are if it ends early. */
export async function callExport(
  call: EngineCall,
  request: RouteInput<EngineRoutes['animation.export']>,
): Promise<ExportReport> {
  try {
    return await call('animation.export', request)
  } catch (error) {
    tellWhatIsKept(request.target.path, toFailure(error))
    throw error
  }
}

/** Failures that the same command would run into again, unless their cause passes. */
const untilChanged: readonly ErrorCode[] = ['BAD_INPUT', 'EXISTS', 'UNWRITABLE', 'UNSUPPORTED']

/** Causes that pass: a disk is emptied, or released by another program. */
const passing: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EBUSY', 'EIO']

function tellWhatIsKept(output: string, { code, data }: Failure): void {
  const kept = partialFolderOf(output)
  if (!existsSync(kept)) return
  const next =
    untilChanged.includes(code) && !passing.includes(data?.['cause'])
      ? ' for another export to the same place.'
      : ': run the same command again to continue.'
  say(`Finished frames are kept in "${kept}"${next}`)
}
