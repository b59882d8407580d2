import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import type { ComputeType } from '#engine/model/graph/graphWriter'
import { buildGraph } from '#engine/model/graph/networkGraph'
import { ModelProtoSchema, TensorProto_DataType as DataType } from '#engine/model/graph/onnx_pb'
import { readUNet } from '#engine/model/graph/unet'
import { createOnnxSession, type OnnxTensor } from '#engine/model/network/onnx'
import { readWeights } from '#engine/model/weights/networkWeights'
import { findWeightFiles } from '#engine/model/weights/weightFiles'
import { readJson } from '#files/fileAccess'
import { largestDifference } from '../../../../golden/goldenUnet'
import { pattern } from './runLayer'

const folder = fileURLToPath(new URL('../../../../golden/fixtures/text/sd2/unet', import.meta.url))

async function build(upcast_attention: boolean, computeType: ComputeType) {
  const path = join(folder, 'config.json')
  const unet = readUNet({ ...((await readJson(path, 'BAD_MODEL')) as object), upcast_attention }, path)
  const weights = await readWeights(await findWeightFiles(folder))
  const bytes = buildGraph(unet.write(1), weights, computeType)
  return { bytes, weights, graph: fromBinary(ModelProtoSchema, bytes).graph! }
}

/** For every softmax: whether both operands of the product before it are cast to float32. */
async function upcastProducts(upcast: boolean, computeType: ComputeType): Promise<boolean[]> {
  const { graph } = await build(upcast, computeType)
  const makerOf = (name: string) => graph.node.find(({ output }) => output.includes(name))!
  return graph.node
    .filter(({ opType }) => opType === 'Softmax')
    .map(({ input }) => {
      const product = makerOf(input[0])
      expect(product.opType).toBe('MatMul')
      return product.input.every((operand) => {
        const { opType, attribute } = makerOf(operand)
        return opType === 'Cast' && attribute.every(({ i }) => i === BigInt(DataType.FLOAT))
      })
    })
}

async function answerOf(upcast: boolean, computeType: ComputeType): Promise<OnnxTensor> {
  const { bytes, weights } = await build(upcast, computeType)
  const session = await createOnnxSession(bytes, { threads: 1, externalFolder: weights.folder })
  const inputs = {
    sample: pattern([1, 4, 8, 8]),
    sinusoids: pattern([1, 8], 2),
    text: pattern([1, 77, 16], 3),
  }
  const answer = await session.run(inputs)
  await session.close()
  return answer
}

// diffusers' `get_attention_scores` casts query and key before their product.
describe('"upcast_attention"', () => {
  it('computes attention weights in float32 in a half-precision graph (would catch the overflow of Stable Diffusion 2.1)', async () => {
    const upcast = await upcastProducts(true, DataType.FLOAT16)
    expect(upcast.length).toBeGreaterThan(0)
    expect(upcast).not.toContain(false)
    expect(await upcastProducts(false, DataType.FLOAT16)).not.toContain(true)
    expect(await upcastProducts(true, DataType.FLOAT)).not.toContain(true)
  })

  it('gives a graph that runs, with the answer of full precision but for rounding', async () => {
    const { data } = await answerOf(false, DataType.FLOAT)
    expect(largestDifference((await answerOf(true, DataType.FLOAT)).data, data)).toBe(0)
    expect(largestDifference((await answerOf(true, DataType.FLOAT16)).data, data)).toBeLessThan(0.02)
  })
})
