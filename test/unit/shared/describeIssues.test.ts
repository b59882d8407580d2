import { expect, it } from 'vitest'
import { z } from 'zod'
import { describeIssues } from '#shared/describeIssues'

const ofItems = (count: number): string => {
  const issues = z.array(z.number('not a number')).safeParse(Array<string>(count).fill('x'))
  return describeIssues(issues.error!)
}

it.each([
  [1, '0: not a number'],
  [2, '0: not a number; 1: not a number'],
  [10_000, '0: not a number; 1: not a number; and 9998 more'],
])(
  'tells at most two of %d issues, and counts the others (would catch a line of a megabyte)',
  (count, line) => {
    expect(ofItems(count)).toBe(line)
  },
)
