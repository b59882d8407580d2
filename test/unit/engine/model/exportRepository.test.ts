import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { inputsOf, outputsOf } from '#engine/model/folders/exported/ports'
import { exportRepository } from '#engine/model/folders/exportRepository'
import { ModelProtoSchema, TensorProto_DataType as DataType } from '#engine/model/graph/onnx_pb'
import { createOnnxSession } from '#engine/model/network/onnx'
import { emptyFolder } from '../../../fixtures/exportTarget'

const fixtures = 'test/golden/fixtures'

/** Returns the types of a graph's inputs and outputs, by name: as its configuration says, and as it declares them. */
function typesOf(folder: string): Record<'said' | 'declared', Record<string, string>> {
  const config = readFileSync(join(folder, 'config.pbtxt'), 'utf8')
  const said = config.matchAll(/name: "(\w+)" data_type: TYPE_(\w+)/g)
  const { graph } = fromBinary(ModelProtoSchema, readFileSync(join(folder, '1', 'model.onnx')))
  const tritonNames: Partial<Record<DataType, string>> = {
    [DataType.FLOAT]: 'FP32',
    [DataType.FLOAT16]: 'FP16',
  }
  const ports = [...inputsOf(graph!), ...outputsOf(graph!)]
  return {
    said: Object.fromEntries(Array.from(said, ([, name, type]) => [name, type])),
    declared: Object.fromEntries(ports.map(({ name, dataType }) => [name, tritonNames[dataType]!])),
  }
}

/** Runs a graph of a repository on ones, two at once. */
async function run(folder: string): Promise<Float32Array> {
  const path = join(folder, '1')
  const graph = readFileSync(join(path, 'model.onnx'))
  const session = await createOnnxSession(graph, { externalFolder: path, threads: 1 })
  const inputs = Object.entries(session.inputShapes!).map(([name, [, ...sides]]) => {
    const shape = [2, ...sides.map(Number)]
    return [name, { shape, data: Array<number>(shape.reduce((a, b) => a * b)).fill(1) }] as const
  })
  const { data } = await session.run(Object.fromEntries(inputs))
  await session.close()
  return data
}

it.each([
  [
    'unet/class-conditional',
    { unet: { sample: 'FP16', timestep: 'FP32', classes: 'FP32', out_sample: 'FP16' } },
  ],
  [
    'latent/tiny',
    {
      unet: { sample: 'FP16', timestep: 'FP32', out_sample: 'FP16' },
      vae_encoder: { sample: 'FP16', out_sample: 'FP16' },
      vae_decoder: { sample: 'FP16', out_sample: 'FP16' },
    },
  ],
  [
    'latent/vq',
    {
      unet: { sample: 'FP16', timestep: 'FP32', out_sample: 'FP16' },
      // Codes are looked up, which needs float32.
      vae_encoder: { sample: 'FP32', out_sample: 'FP32' },
      vae_decoder: { sample: 'FP32', out_sample: 'FP32' },
    },
  ],
])(
  'writes the graphs of %s in half precision with the types that it states, near those of float32',
  async (name, types) => {
    const [half, whole] = [join(emptyFolder(), 'half'), join(emptyFolder(), 'whole')]
    await exportRepository(
      { path: join(fixtures, name) },
      { folder: half, precision: 'fp16', overwrite: false },
    )
    await exportRepository(
      { path: join(fixtures, name) },
      { folder: whole, precision: 'fp32', overwrite: false },
    )
    const written = readdirSync(half).map((graph) => [graph, typesOf(join(half, graph))] as const)
    expect(Object.fromEntries(written)).toEqual(
      Object.fromEntries(Object.entries(types).map(([graph, one]) => [graph, { said: one, declared: one }])),
    )
    for (const graph of Object.keys(types)) {
      const exact = await run(join(whole, graph))
      const scale = Math.max(...exact.map(Math.abs))
      for (const [i, value] of (await run(join(half, graph))).entries()) {
        expect(Math.abs(value - exact[i])).toBeLessThan(2e-2 * scale)
      }
    }
  },
)
