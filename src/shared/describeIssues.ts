import type { z } from 'zod'
import { StudioError } from './errors'

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

/**
 * Returns a request's input as its schema describes it.
 *
 * @throws StudioError BAD_INPUT if it is something else
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new StudioError('BAD_INPUT', describeIssues(parsed.error))
}
