import { setImmediate } from 'node:timers/promises'
import { samplePlan, sourceOfSample } from '#shared/batch'
import { limits } from '#shared/limits'
import { describeStop } from '../animation/provenance'
import { drawState } from '../latent/bareLatents'
import type { FoundItems } from './itemFolder'
import type { JobRecord } from './records'

/** Number of samples whose noise is drawn before other work gets its turn. */
const turn = 50

/**
 * Returns the provenance of a file that is made from a folder's items. Samples are listed one by one, as by a run
 * that writes the file itself, unless there are more than such a run takes, or shards of earlier versions recorded
 * no noise.
 */
export async function provenanceInFile(
  { job: { provenance }, shards }: FoundItems,
  signal: AbortSignal,
): Promise<JobRecord['provenance']> {
  const { data: plan } = samplePlan.safeParse(provenance['plan'])
  const noise = shards.find((shard) => shard.noise)?.noise
  if (!plan || !noise || plan.count > limits.samplesInFile.max) return provenance
  const { shape, endTimestep, prompts, classes } = noise
  const sources = Array.from({ length: plan.count }, (_, i) => sourceOfSample(plan, i, classes))
  const stops: object[] = []
  for (const { seed, class: one = null } of sources) {
    if (stops.length % turn === 0) await setImmediate()
    signal.throwIfAborted()
    const drawn = { seed, endTimestep, class: one, prompts, source: null, encode: null, mixedFrom: null }
    stops.push(describeStop({ x: drawState(shape, seed), timestep: endTimestep }, drawn))
  }
  // Every field keeps its place: the file is the same to the byte.
  return { ...provenance, plan: { kind: 'list' }, stops, sources }
}
