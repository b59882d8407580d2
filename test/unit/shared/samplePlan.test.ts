import { expect, it } from 'vitest'
import { samplePlan } from '#shared/batch'
import { engineRoutes } from '#shared/contract'

const largest = 9007199254740991

it('takes seeds up to the largest, and refuses to count past it (would catch a folder that fails in the middle)', () => {
  const plan = { kind: 'samples', seed: largest - 2, count: 3 }
  expect(samplePlan.safeParse(plan).success).toBe(true)
  const request = { model: { path: 'm' }, folder: 'f', decode: {}, plan: { ...plan, count: 4 } }
  const { error } = engineRoutes['batch.run'].input.safeParse(request)
  expect(error?.issues.map(({ message }) => message)).toEqual([
    'seed + count passes the largest seed, 9007199254740991',
  ])
})
