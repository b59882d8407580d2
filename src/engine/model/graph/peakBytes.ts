/** One node of a graph in its order, by names of values. */
export interface GraphStep {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/**
 * The most memory that values of a graph hold at once, when each is let go after its last use.
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
