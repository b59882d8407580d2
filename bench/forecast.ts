import { goodPsnr, warnOfRoundTrip } from '#core/diffusion/roundTripForecast'
import { Job } from '#engine/job/Job'
import { createLatentCache } from '#engine/latent/latentCache'
import { resolveMeasuredLatent } from '#engine/latent/resolveLatent'
import { openModel } from '#engine/model/denoiser/openModel'
import { latentSource } from '#shared/latentSource'
import { presetFor } from '#shared/presets'
import type { LatentReport } from '#shared/reports'
import { picturesOf } from './heldOut'
import { printTable } from './measure'
import { bundledModel, quietContext, threads } from './subjects'

const most = 40
const steps = 20
const { encode, decode } = presetFor('pixels', 'standard')

/**
 * How often the forecast of a round trip is right on fruits-64, with the solver of Standard at 20 steps: what it
 * expects of each picture that it warns of, or that falls short of 40 dB, what was measured, and what the number of
 * steps that it names gives. `BENCH_PICTURES` as in the benchmark of latent health.
 */
export async function benchForecast(): Promise<void> {
  const model = await openModel({ path: bundledModel, threads })
  const job = new Job({ model, context: quietContext, priority: 'encode' })
  const paths = await picturesOf('forecast', most)
  const rows = [
    ['picture', 'expected MSE', 'measured', 'PSNR, dB', 'named steps', 'PSNR with them', 'warning'],
  ]
  const counts = { short: 0, unwarned: 0, named: 0, kept: 0 }
  for (const path of paths) {
    const report = await roundTrip(job, path, steps)
    const [forecast, fidelity] = [report.forecast!, report.fidelity!]
    const isShort = fidelity.psnr < goodPsnr
    const warning = warnOfRoundTrip(report)
    if (!isShort && forecast.enoughSteps === null) continue
    const named = forecast.enoughSteps
    const then = named === null ? null : (await roundTrip(job, path, named)).fidelity!.psnr
    counts.short += Number(isShort)
    counts.unwarned += Number(isShort && warning === null)
    if (named !== null && warning?.includes(String(named))) {
      counts.named++
      counts.kept += Number(then! >= goodPsnr)
    }
    rows.push([
      path.split('/').at(-1)!,
      forecast.mse.toExponential(1),
      fidelity.mse.toExponential(1),
      fidelity.psnr.toFixed(1),
      named === null ? '' : String(named),
      then === null ? '' : then.toFixed(1),
      warning ?? '',
    ])
  }
  await model.close()
  printTable(`Forecasts of ${paths.length} pictures, ${encode.solver}, ${steps} steps`, rows)
  console.log(
    `  ${counts.short} below ${goodPsnr} dB, ${counts.unwarned} of them without a warning; ${counts.named} promises, ${counts.kept} kept`,
  )
}

async function roundTrip(job: Job, path: string, count: number): Promise<LatentReport> {
  const source = latentSource.parse({
    kind: 'picture',
    picture: { path },
    encode: { ...encode, steps: count },
  })
  return (await resolveMeasuredLatent(createLatentCache(), job, source, { ...decode, steps: count })).report
}
