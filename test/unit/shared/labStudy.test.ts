import { expect, it } from 'vitest'
import { describeIssues } from '#shared/describeIssues'
import { discreteStudy, labStudy } from '#shared/lab'

it.each([
  ['a study', labStudy, { solvers: ['ddim'], timestepSpacings: ['linear'], steps: [10] }],
  ['the discrete process', discreteStudy, {}],
])(
  'says how many pictures and latents %s takes (would catch “expected array to have <=1000 items”)',
  (_, schema, sweep) => {
    const stopsOf = (count: number) =>
      Array.from({ length: count }, (_unused, seed) => ({ kind: 'seed', seed }))
    expect(schema.safeParse({ ...sweep, stops: stopsOf(1000) }).success).toBe(true)
    const refused = schema.safeParse({ ...sweep, stops: stopsOf(1001) })
    expect(describeIssues(refused.error!)).toBe(
      'stops: A study measures at most 1,000 pictures and latents: choose fewer.',
    )
  },
)
