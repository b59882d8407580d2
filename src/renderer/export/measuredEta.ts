/** The share that must be done before an estimate is worth anything. */
const leastShare = 0.02

/**
 * Creates a function that estimates the seconds left from the share done so far.
 *
 * @param now  returns the current time in seconds
 */
export function createEta(now: () => number): (share: number) => number | null {
  const start = now()
  return (share) => (share < leastShare ? null : ((now() - start) / share) * (1 - share))
}
