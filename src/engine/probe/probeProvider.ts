import type { Precision, Provider } from '#shared/devices'
import { createOnnxSession, type OnnxSession, type OnnxSessionOptions } from '../model/network/onnx'
import { buildProbeNetwork, probeInputs, probeSizes, type ProbeSize } from './probeNetwork'

/** How a provider handled the probe network; others judge whether that is good enough. */
export interface ProbeFindings {
  /** Largest difference from the CPU's answer; NaN if the answer contains NaN. */
  readonly deviation: number
  /** Duration of one evaluation after warm-up. */
  readonly milliseconds: number
  /** Duration of the same evaluation on the CPU, in the same process. */
  readonly cpuMilliseconds: number
  /** Batch size that makes good use of the provider. */
  readonly batch: number
}

export type OpenSession = (graph: Uint8Array, options: OnnxSessionOptions) => Promise<OnnxSession>

interface Answer {
  readonly data: Float32Array
  readonly milliseconds: number
}

/** If the small network takes longer than this, the large one is not tried. */
const quickMilliseconds = 100
const timedEvaluations = 3
const timingMilliseconds = 500

const usualBatch = probeSizes.large.batch
/** Keeps the largest cards busy even with a small network. */
const largeBatch = 8 * usualBatch
/**
 * A larger batch must be faster by this factor to be worth its memory and the longer wait for a step to end.
 */
const worthwhileGain = 1.1

/**
 * Has a provider evaluate the probe network at a precision, and then the CPU in float32.
 *
 * @param openSession  replaces the runtime in tests
 * @throws Error of the runtime, unchanged
 */
export async function probeProvider(
  provider: Provider,
  precision: Precision,
  openSession: OpenSession = createOnnxSession,
): Promise<ProbeFindings> {
  const evaluateHere = (size: ProbeSize, batch?: number) => {
    return evaluate(provider, precision, size, openSession, batch)
  }
  const small = await evaluateHere('small')
  const expectedSmall = await evaluate('cpu', 'fp32', 'small', openSession)
  const deviation = largestDifference(small.data, expectedSmall.data)
  if (small.milliseconds > quickMilliseconds) {
    const { milliseconds } = small
    return { deviation, milliseconds, cpuMilliseconds: expectedSmall.milliseconds, batch: usualBatch }
  }
  const large = await evaluateHere('large')
  // On the CPU, the time per picture does not depend on the batch size: `npm run bench -- batch`.
  const crowd = provider === 'cpu' ? null : await evaluateHere('large', largeBatch)
  const expected = await evaluate('cpu', 'fp32', 'large', openSession)
  const deviations = [large, crowd].map((answer) =>
    answer ? largestDifference(answer.data, expected.data) : 0,
  )
  const { milliseconds } = large
  return {
    // NaN if any of them is NaN.
    deviation: Math.max(deviation, ...deviations),
    milliseconds,
    cpuMilliseconds: expected.milliseconds,
    batch: crowd && gainOf(crowd, large) >= worthwhileGain ? largeBatch : usualBatch,
  }
}

/** Returns the gain of a large batch: its pictures per second over those of the usual batch. */
function gainOf(crowd: Answer, usual: Answer): number {
  return (usual.milliseconds / usualBatch / crowd.milliseconds) * largeBatch
}

async function evaluate(
  provider: Provider,
  precision: Precision,
  size: ProbeSize,
  openSession: OpenSession,
  batch?: number,
): Promise<Answer> {
  const session = await openSession(buildProbeNetwork(size, precision, batch), { provider })
  const inputs = { ...probeInputs(size, batch) }
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

/**
 * Returns the largest difference of an answer from the expected one, which it contains once or several times.
 */
function largestDifference(answer: Float32Array, expected: Float32Array): number {
  if (answer.length === 0 || answer.length % expected.length !== 0) return NaN
  return answer.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - expected[i % expected.length])),
    0,
  )
}
