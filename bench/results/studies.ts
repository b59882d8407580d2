import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineCall } from '../../src/cli/engineCall'
import { nodeEnvironment } from '../../src/cli/installation'
import { modelOf, type ModelOptions } from '../../src/cli/modelOptions'
import { say } from '../../src/cli/terminal'
import type { LabReport } from '#shared/lab'
import type { Part } from './plan'

/**
 * Measures every sweep of every part as a study of the Lab. Each has its own folder below `work`, from which
 * an interrupted one resumes.
 *
 * @param batch  pictures per network call
 */
export async function runStudies(
  call: EngineCall,
  { batch, ...options }: ModelOptions & { readonly batch: number },
  parts: readonly Part[],
  work: string,
): Promise<LabReport[]> {
  await mkdir(work, { recursive: true })
  const model = modelOf(nodeEnvironment(), options)
  const asked = parts.flatMap(({ pictures, steps, sweeps }) =>
    sweeps.map((sweep) => ({
      ...sweep,
      stops: stopsOf(pictures),
      steps: [...steps],
      batch,
    })),
  )
  const reports: LabReport[] = []
  for (const [i, study] of asked.entries()) {
    const swept = `${study.solvers.join(', ')} on ${study.timestepSpacings.join(', ')} spacing`
    say(`Study ${i + 1} of ${asked.length}: ${swept}, ${study.stops.length} pictures`)
    const folder = join(work, `study-${i + 1}`)
    reports.push(await call('lab.run', { model, study, folder, figures: false }))
  }
  return reports
}

/** Makes pictures the stops of a study. */
export function stopsOf(paths: readonly string[]) {
  return paths.map((path) => ({ kind: 'picture' as const, picture: { path } }))
}
