import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import {
  type GraphProto,
  ModelProtoSchema,
  TensorProto_DataType as DataType,
} from '#engine/model/graph/onnx_pb'
import type { ComputeType } from '#engine/model/graph/graphWriter'
import { parseUNetConfig } from '#engine/model/graph/unetConfig'
import { buildGraph } from '#engine/model/graph/networkGraph'
import { writeUNet } from '#engine/model/graph/unetGraph'
import { readWeights } from '#engine/model/weights/networkWeights'
import { readJson } from '#files/fileAccess'
import { readSafetensorsHeader } from '#engine/model/weights/safetensors'
import { findWeightFiles } from '#engine/model/weights/weightFiles'
import { goldenRoot } from '../../../../fixtures/modelCopy'

const folder = join(goldenRoot, 'tutorial-like/unet')

async function build(
  batch: number,
  computeType?: ComputeType,
): Promise<{ graph: GraphProto; bytes: Uint8Array }> {
  const path = join(folder, 'config.json')
  const config = parseUNetConfig(await readJson(path, 'BAD_MODEL'), path)
  const weights = await readWeights(await findWeightFiles(folder))
  const bytes = buildGraph(writeUNet(config, batch), weights, computeType)
  return { bytes, graph: fromBinary(ModelProtoSchema, bytes).graph! }
}

describe('writeUNet', () => {
  it('refers to every tensor by its place in the file (would catch a converted copy, or offsets that ignore the header)', async () => {
    const { graph } = await build(1)
    const { tensors } = await readSafetensorsHeader(join(folder, 'diffusion_pytorch_model.safetensors'))
    const external = new Map(
      graph.initializer
        .filter((initializer) => initializer.externalData.length > 0)
        .map(({ name, externalData }) => [
          name,
          Object.fromEntries(externalData.map(({ key, value }) => [key, value])),
        ]),
    )
    expect([...external.keys()].sort()).toEqual([...tensors.keys()].sort())
    for (const [name, { begin, end }] of tensors) {
      expect(external.get(name)).toEqual({
        location: 'diffusion_pytorch_model.safetensors',
        offset: String(begin),
        length: String(end - begin),
      })
    }
  })

  it('writes no nodes that compute shapes (would catch the overhead of a traced network)', async () => {
    const { graph } = await build(1)
    const opTypes = new Set(graph.node.map((node) => node.opType))
    for (const opType of ['Shape', 'Gather', 'Constant', 'Unsqueeze', 'Expand', 'Slice']) {
      expect(opTypes).not.toContain(opType)
    }
  })

  it('fixes the batch size in the inputs and the output', async () => {
    const { graph } = await build(3)
    const shapes = [...graph.input, ...graph.output].map(({ type }) => {
      if (type?.value.case !== 'tensorType') throw new Error('not a tensor')
      expect(type.value.value.elemType).toBe(DataType.FLOAT)
      return type.value.value.shape!.dim.map(({ value }) => Number(value.value))
    })
    expect(shapes).toEqual([
      [3, 3, 32, 32],
      [1, 16],
      [3, 3, 32, 32],
    ])
  })

  it('computes in half precision with all weights left on disk, and float32 inputs and output', async () => {
    const { graph } = await build(1, DataType.FLOAT16)
    const onDisk = graph.initializer.filter(({ externalData }) => externalData.length > 0)
    const { tensors } = await readSafetensorsHeader(join(folder, 'diffusion_pytorch_model.safetensors'))
    expect(onDisk).toHaveLength(tensors.size)
    for (const { type } of [...graph.input, ...graph.output]) {
      expect(type?.value.value).toMatchObject({ elemType: DataType.FLOAT })
    }
  })

  it('writes the same bytes every time', async () => {
    expect((await build(2)).bytes).toEqual((await build(2)).bytes)
  })
})
