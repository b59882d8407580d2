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

it('announces the end of each evaluation before the next begins, and that of one that failed (would catch an engine ended as deaf while it works for others)', async () => {
  const told: string[] = []
  const jobOf = async (name: string) =>
    jobOn(join(goldenRoot, 'one-layer'), {
      context: {
        ...quietContext,
        evaluates: () => void told.push(`${name} begins`),
        evaluated: () => void told.push(`${name} is over`),
      },
    })
  const first = await jobOf('first')
  const second = first.with({ context: (await jobOf('second')).context })
  const shape = [1, ...first.model.space.stateShape]
  const failing = createTensor(shape)
  failing.data.fill(NaN)
  await Promise.all([
    expect(first.trajectory().predictEpsilon(failing, 500)).rejects.toMatchObject({ code: 'NOT_FINITE' }),
    second.trajectory().predictEpsilon(createTensor(shape), 500),
  ])
  await first.decodeStates(createTensor(shape))
  await first.model.close()
  expect(told).toEqual(['first begins', 'first is over', 'second begins', 'second is over'])
})
