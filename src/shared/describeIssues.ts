import type { z } from 'zod'

/** Up to this many issues are told; the others are only counted. */
const mostTold = 2

/** Formats zod's issues as one line: where, and what is wrong there. */
export function describeIssues({ issues }: z.ZodError): string {
  const told = issues
    .slice(0, mostTold)
    .map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`)
  const more = issues.length - told.length
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}
