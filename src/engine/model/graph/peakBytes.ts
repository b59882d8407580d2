/** One node of a graph, in execution order, with its values by name. */
export interface GraphStep {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/**
 * Returns the most bytes that the values of a graph take at once, if each is freed after its last use.
 *
 * @param sizes  bytes of every value that counts
 */
export function peakBytes(steps: readonly GraphStep[], sizes: ReadonlyMap<string, number>): number {
  const lastUse = new Map<string, number>()
  steps.forEach(({ inputs }, i) => inputs.forEach((name) => lastUse.set(name, i)))
  let held = 0
  let peak = 0
  steps.forEach(({ inputs, outputs }, i) => {
    for (const name of outputs) held += sizes.get(name) ?? 0
    peak = Math.max(peak, held)
    for (const name of new Set(inputs)) if (lastUse.get(name) === i) held -= sizes.get(name) ?? 0
  })
  return peak
}
