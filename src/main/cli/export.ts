import type { DecodeSettings, FramePlan } from '#shared/settings'
import { withEngine, type EngineCall } from './engineCall'
import type { Installation } from './installation'
import { decodeSettingsOf, modelOf, type AnimationOptions, type CommonOptions } from './options'
import { describeExport, exportTargetOf } from './output'
import { printResult } from './terminal'

/** What one command wants written. */
export interface ExportJob {
  readonly plan: FramePlan
  readonly output: string
  readonly pingPong?: boolean
  readonly decode?: DecodeSettings
}

/** Runs an export and prints its report: what `decode`, `morph`, `grid` and `sample` end in. */
export async function runExport(
  installation: Installation,
  options: CommonOptions & AnimationOptions,
  describeJob: (call: EngineCall) => ExportJob | Promise<ExportJob>,
): Promise<void> {
  const report = await withEngine(installation, async (call) => {
    const { plan, output, pingPong, decode = decodeSettingsOf(options) } = await describeJob(call)
    return call('animation.export', {
      model: modelOf(installation, options),
      plan,
      decode,
      target: exportTargetOf(output, options, pingPong),
      batch: options.batch,
    })
  })
  printResult(options.json ?? false, { ok: true, ...report }, describeExport(report))
}
