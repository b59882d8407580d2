/**
 * Rounds the shares of one whole so that they still add up: the method of largest remainders (Hamilton). Each
 * share is rounded down, and what is left of the total goes one each to those with the largest remainders, of
 * equal ones to the first. No share is off by 1 or more.
 *
 * @param shares  at least 0, with the sum 1
 * @param total  whole number that the rounded shares add up to, such as 100 for percent
 */
export function wholeShares(shares: readonly number[], total: number): number[] {
  const whole = shares.map((share) => Math.floor(share * total))
  const missing = total - whole.reduce((sum, part) => sum + part, 0)
  const raised = shares
    .map((share, at) => ({ at, rest: share * total - whole[at] }))
    .sort((a, b) => b.rest - a.rest)
    .slice(0, missing)
  for (const { at } of raised) whole[at]++
  return whole
}
