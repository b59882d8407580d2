import { create } from '@bufbuild/protobuf'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTensor, itemOf } from '#core/diffusion/tensor'
import { openModel } from '#engine/model/denoiser/openModel'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
} from '#engine/model/graph/onnx_pb'
import { writeExportedSchedule } from '../../../fixtures/exportedModel'
import { type Side, smallGraph } from '../../../fixtures/smallGraph'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'answers-'))
  path = join(folder, 'net.onnx')
  await writeExportedSchedule(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const nodeOf = (opType: string, input: string[], attribute: Record<string, bigint | bigint[]>) =>
  create(NodeProtoSchema, {
    opType,
    input,
    output: ['noise'],
    attribute: Object.entries(attribute).map(([name, value]) =>
      create(
        AttributeProtoSchema,
        typeof value === 'bigint'
          ? { name, type: AttributeType.INT, i: value }
          : { name, type: AttributeType.INTS, ints: value },
      ),
    ),
  })

/** Answers the mean of every 2 × 2 values. */
const halved = nodeOf('AveragePool', ['sample'], { kernel_shape: [2n, 2n], strides: [2n, 2n] })
/** Answers the state itself as noise, and once more as learned variance. */
const doubled = nodeOf('Concat', ['sample', 'sample'], { axis: 1n })

const open: readonly Side[] = ['n', 'c', 'h', 'w']
const types = ['FLOAT', 'FLOAT16'] as const
/** All values are exact in float16. */
const states = createTensor(
  [2, 3, 8, 8],
  Float32Array.from({ length: 2 * 3 * 8 * 8 }, (_, i) => i / 4),
)

/** The prediction for one state, or for several that are evaluated together. */
async function predict(x = itemOf(states, 0)) {
  const model = await openModel({ path, threads: 1 })
  return model.denoiser.predict(x, 500).finally(() => model.close())
}

describe('a graph that answers another size', () => {
  it.each(types)('is refused when it is opened if it says so: %s', async (type) => {
    const noise = ['N', 3, 4, 4]
    await writeFile(path, smallGraph({ node: [halved], type: DataType[type], sample: ['N', 3, 8, 8], noise }))
    await expect(readModelInfo(path)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('takes states of 8 × 8 and answers 4 × 4'),
    })
  })

  it.each([...types.map((type) => [type, 'N'] as const), ...types.map((type) => [type, 2] as const)])(
    'is refused at its first evaluation otherwise: %s, batch %s (would catch what memory held before, taken for noise)',
    async (type, batch) => {
      const sample = [batch, 3, 8, 8]
      await writeFile(path, smallGraph({ node: [halved], type: DataType[type], sample, noise: open }))
      await expect(predict()).rejects.toMatchObject({ code: 'BAD_MODEL' })
    },
  )

  it('is told in which size it answers', async () => {
    const sample = ['N', 3, 8, 8]
    await writeFile(path, smallGraph({ node: [halved], type: DataType.FLOAT16, sample, noise: open }))
    await expect(predict()).rejects.toThrow('it answers [1, 3, 4, 4] where [1, 3, 8, 8] is expected')
  })
})

describe('a graph that leaves the channels of its answer open', () => {
  it.each([...types.map((type) => [type, 'N'] as const), ...types.map((type) => [type, 4] as const)])(
    'may answer a learned variance: %s, batch %s (would catch a refusal, or variances read as the next noise)',
    async (type, batch) => {
      const sample = [batch, 3, 8, 8]
      await writeFile(path, smallGraph({ node: [doubled], type: DataType[type], sample, noise: open }))
      const { data, shape } = await predict(states)
      expect(shape).toEqual(states.shape)
      expect(data).toEqual(states.data)
    },
  )
})
