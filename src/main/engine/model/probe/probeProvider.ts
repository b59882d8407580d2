import type { Provider } from '#shared/devices'
import { createOnnxSession, type OnnxSession, type OnnxSessionOptions } from '../onnx'
import { buildProbeNetwork, probeInputs, type ProbeSize } from './probeNetwork'

/** What a provider did with the known network; whether that will do is for others to judge. */
export interface ProbeFindings {
  /** Largest difference from the CPU's answer; NaN when the answer held such. */
  readonly deviation: number
  /** Of one evaluation, once it is warm. */
  readonly milliseconds: number
  /** Of the same evaluation on the CPU, in the same process. */
  readonly cpuMilliseconds: number
}

export type OpenSession = (graph: Uint8Array, options: OnnxSessionOptions) => Promise<OnnxSession>

/** Slower than this on the small network, and there is no need to see how much slower it is on the large one. */
const quickMilliseconds = 100
const timedEvaluations = 3
const timingMilliseconds = 500

/**
 * Has a provider evaluate the known network, and the CPU after it.
 *
 * @param openSession  stands in for the runtime in tests
 * @throws Error of the runtime, as it said it
 */
export async function probeProvider(
  provider: Provider,
  openSession: OpenSession = createOnnxSession,
): Promise<ProbeFindings> {
  const small = await compare(provider, 'small', openSession)
  if (small.milliseconds > quickMilliseconds) return small
  const large = await compare(provider, 'large', openSession)
  // NaN from either makes it NaN.
  return { ...large, deviation: Math.max(small.deviation, large.deviation) }
}

async function compare(
  provider: Provider,
  size: ProbeSize,
  openSession: OpenSession,
): Promise<ProbeFindings> {
  const graph = buildProbeNetwork(size)
  const answer = await evaluate(provider, graph, size, openSession)
  const expected = await evaluate('cpu', graph, size, openSession)
  return {
    deviation: largestDifference(answer.data, expected.data),
    milliseconds: answer.milliseconds,
    cpuMilliseconds: expected.milliseconds,
  }
}

async function evaluate(
  provider: Provider,
  graph: Uint8Array,
  size: ProbeSize,
  openSession: OpenSession,
): Promise<{ data: Float32Array; milliseconds: number }> {
  const session = await openSession(graph, { provider })
  const inputs = { ...probeInputs(size) }
  // The first evaluation also compiles, loads libraries and allocates.
  const { data } = await session.run(inputs)
  const times: number[] = []
  const end = performance.now() + timingMilliseconds
  while (times.length === 0 || (times.length < timedEvaluations && performance.now() < end)) {
    const started = performance.now()
    await session.run(inputs)
    times.push(performance.now() - started)
  }
  await session.close()
  return { data, milliseconds: Math.min(...times) }
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return NaN
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0)
}
