/** No evaluation is given up earlier than this, in seconds: other programs may take the processor for a while. */
const leastSeconds = 20
/** How many parameters of a network a slow processor loads and evaluates within a second, by far. */
const parametersPerSecond = 2e6
/** An evaluation that takes so many times as long as the one before it hangs. */
const factor = 20

/**
 * How long an evaluation of a network may take before it counts as hung, in seconds.
 *
 * @param parameters  of the network, which stand for its cost as long as nothing was measured
 * @param measuredSeconds  how long the evaluation before it took; null before the first, which also loads the network
 */
export function evaluationLimit(parameters: number, measuredSeconds: number | null): number {
  const expected = measuredSeconds === null ? parameters / parametersPerSecond : factor * measuredSeconds
  return Math.max(leastSeconds, expected)
}
