import { setImmediate } from 'node:timers/promises'
import { samplePlan, sourceOfSample } from '#shared/batch'
import { limits } from '#shared/limits'
import { describeStop } from '../animation/provenance'
import { drawState } from '../latent/bareLatents'
import type { FoundItems } from './itemFolder'
import type { JobRecord } from './records'

/** The noise of so many samples is drawn before other work has its turn. */
const turn = 50

/**
 * Returns what a file that is made from a folder's items records of their making. Samples are listed one by one,
 * as in a run that writes the file itself, unless they are more than such a run takes, or older shards left
 * no record of their noise.
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
