import { existsSync } from 'node:fs'
import type { DecodeSettings } from '#core/diffusion/settings'
import type { FrameRange } from '#core/timeline/frameRange'
import type { EngineRoutes, RouteInput } from '#shared/contract'
import { formatOfPath } from '#shared/exportFormats'
import type { ExportReport } from '#shared/reports'
import type { FramePlan } from '#shared/framePlan'
import type { ModelSource } from '#shared/modelSource'
import { partialFolderOf } from '#files/partialFolder'
import { withEngine, type EngineCall } from './engineCall'
import type { Installation } from './installation'
import { modelOf, type ModelOptions } from './modelOptions'
import { describeExport } from './output'
import { exportTargetOf, type OutputOptions } from './outputOptions'
import { runItems, sharedFolder, type ShardOptions } from './shards'
import { printResult, say } from './terminal'

/** What one command wants written. */
export interface ExportJob {
  readonly plan: FramePlan
  readonly output: string
  readonly decode: DecodeSettings
  /** What makes the frames; the model that the command line names unless told. */
  readonly model?: ModelSource
  /** Frames per second; those of the command line unless told. */
  readonly fps?: number
  /** The frames that a film shows; all of them unless told. */
  readonly range?: FrameRange
}

/** Runs an export and prints its report: what `decode`, `morph`, `grid` and `sample` end in. */
export async function runExport(
  installation: Installation,
  options: ModelOptions & OutputOptions & ShardOptions,
  describeJob: (call: EngineCall) => ExportJob | Promise<ExportJob>,
): Promise<void> {
  if (options.shard) {
    return runItems(installation, options, async (call) => {
      const { output, ...job } = await describeJob(call)
      return { ...job, folder: sharedFolder(output, formatOfPath(output) === 'png') }
    })
  }
  const report = await withEngine(installation, async (call) => {
    const {
      plan,
      output,
      decode,
      model = modelOf(installation, options),
      fps = options.fps,
      range,
    } = await describeJob(call)
    const target = { ...exportTargetOf(output, { ...options, fps }), range }
    return callExport(call, { model, plan, decode, target, batch: options.batch })
  })
  printResult(options.json ?? false, { ok: true, ...report }, describeExport(report))
}

/** Asks the engine for one export; says where the finished frames are when it ends early. */
export async function callExport(
  call: EngineCall,
  request: RouteInput<EngineRoutes['animation.export']>,
): Promise<ExportReport> {
  try {
    return await call('animation.export', request)
  } catch (error) {
    tellWhatIsKept(request.target.path)
    throw error
  }
}

function tellWhatIsKept(output: string): void {
  const kept = partialFolderOf(output)
  if (existsSync(kept)) say(`Finished frames are kept in "${kept}": the same command goes on with them.`)
}
