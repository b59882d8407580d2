import type { FramePlan } from '#shared/settings'
import { withEngine, type Installation } from './engineCall'
import { decodeSettingsOf, modelOf, type AnimationOptions, type CommonOptions } from './options'
import { describeExport, exportTargetOf } from './output'
import { printResult } from './terminal'

/** What one command wants written. */
export interface ExportJob {
  readonly plan: FramePlan
  readonly output: string
  readonly pingPong?: boolean
}

/** Runs an export and prints its report: what `decode`, `morph`, `grid` and `sample` end in. */
export async function runExport(
  installation: Installation,
  options: CommonOptions & AnimationOptions,
  { plan, output, pingPong }: ExportJob,
): Promise<void> {
  const report = await withEngine(installation, (call) =>
    call('animation.export', {
      model: modelOf(installation, options),
      plan,
      decode: decodeSettingsOf(options),
      target: exportTargetOf(output, options, pingPong),
      batch: options.batch,
    }),
  )
  printResult(options.json ?? false, { ok: true, ...report }, describeExport(report))
}
