/**
 * No evaluation is given up earlier than this, in seconds, because other programs may occupy the processor
 * for a while.
 */
const leastSeconds = 20
/** Parameters that even a very slow processor loads and evaluates per second. */
const parametersPerSecond = 2e6
/** An evaluation counts as hung if it takes this many times as long as the one before it. */
const factor = 20

/**
 * Returns how long an evaluation of a network may take before it counts as hung, in seconds.
 *
 * @param parameters  of the network, used to estimate its cost until something has been measured
 * @param measuredSeconds  duration of the previous evaluation; null before the first, which also loads
 *   the network
 */
export function evaluationLimit(parameters: number, measuredSeconds: number | null): number {
  const expected = measuredSeconds === null ? parameters / parametersPerSecond : factor * measuredSeconds
  return Math.max(leastSeconds, expected)
}
