import type { z } from 'zod'

/** Formats zod's issues as one line: where, and what is wrong there. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`).join('; ')
}
