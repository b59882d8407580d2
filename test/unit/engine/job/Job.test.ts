import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { jobOn, quietContext } from '../../../fixtures/job'
import { goldenRoot } from '../../../fixtures/modelCopy'

it('gives the first evaluation of every batch size the time to open a network (would catch a large model given up as hung)', async () => {
  const limits: number[] = []
  const context = { ...quietContext, evaluates: (seconds: number) => void limits.push(seconds) }
  const job = await jobOn(join(goldenRoot, 'one-layer'), { context })
  const model = { ...job.model, info: { ...job.model.info, parameters: 1e9 } }
  const { predictEpsilon } = job.with({ model }).trajectory()
  for (const pictures of [1, 1, 8, 8]) {
    await predictEpsilon(createTensor([pictures, ...job.model.space.stateShape]), 500)
  }
  await job.model.close()
  // A thousand million parameters, 2 million a second; after that the least that any evaluation gets.
  expect(limits).toEqual([500, 20, 500, 20])
})
