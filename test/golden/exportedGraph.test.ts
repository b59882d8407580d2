import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { stampModel } from '#engine/model/folders/modelParts'
import {
  type ModelProto,
  ModelProtoSchema,
  TensorShapeProto_DimensionSchema as DimensionSchema,
} from '#engine/model/graph/onnx_pb'
import { openModel } from '#engine/model/openModel'
import {
  exportedGolden,
  exportedWeights,
  writeExportedGraph,
  writeExportedSchedule,
} from '../fixtures/exportedModel'
import { ModelCopy } from '../fixtures/modelCopy'
import { inHalfPrecision, largestDifference, readGolden, timesteps } from './goldenUnet'

let folder: string
let graph: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exported-'))
  graph = join(folder, 'net.onnx')
  await writeExportedGraph(graph)
  await writeExportedSchedule(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function changeGraph(change: (graph: NonNullable<ModelProto['graph']>) => void): Promise<void> {
  const model = fromBinary(ModelProtoSchema, await readFile(graph))
  change(model.graph!)
  await writeFile(graph, toBinary(ModelProtoSchema, model))
}

type Side = Parameters<typeof create<typeof DimensionSchema>>[1]

/** Replaces sides of an input or output, by position. */
async function changeSides(
  of: 'input' | 'output',
  index: number,
  sides: Record<number, Side>,
): Promise<void> {
  await changeGraph((graph) => {
    const type = graph[of][index].type!.value
    if (type.case !== 'tensorType') throw new TypeError('no tensor')
    for (const [at, side] of Object.entries(sides)) {
      type.value.shape!.dim[Number(at)] = create(DimensionSchema, side)
    }
  })
}

const sideOf = (length: number): Side => ({ value: { case: 'dimValue', value: BigInt(length) } })
const open: Side = { value: { case: 'dimParam', value: 'side' } }

async function expectGolden(path: string): Promise<void> {
  const { sample, epsilons } = await readGolden(exportedGolden)
  const model = await openModel({ path, threads: 2 })
  for (const timestep of timesteps) {
    const { data } = await model.denoiser.predict(sample, timestep)
    expect(largestDifference(data, epsilons.get(timestep)!.data)).toBeLessThan(1e-4)
  }
  await model.close()
}

describe('an exported graph', () => {
  it('predicts what diffusers recorded at every timestep (would catch a wrong timestep, order or weight)', async () => {
    await expectGolden(graph)
  })

  it('may take one picture at a time (would catch a batch that is not taken apart)', async () => {
    await changeSides('input', 0, { 0: sideOf(1) })
    await changeSides('input', 1, { 0: sideOf(1) })
    await changeSides('output', 0, { 0: sideOf(1) })
    await expectGolden(graph)
  })

  it('may be the network of a diffusers folder, whose config.json tells the sides that it leaves open', async () => {
    await changeSides('input', 0, { 2: open, 3: open })
    const pipeline = join(folder, 'pipeline')
    await writeExportedGraph(join(pipeline, 'unet/model.onnx'))
    await copyFile(graph, join(pipeline, 'unet/model.onnx'))
    await writeExportedSchedule(join(pipeline, 'scheduler'))
    await copyFile(join(exportedGolden, 'unet/config.json'), join(pipeline, 'unet/config.json'))
    await expectGolden(pipeline)
  })

  it('stands back where a folder has weights, too (would catch a stray .onnx that takes their place)', async () => {
    const copy = await ModelCopy.of('one-layer')
    await copyFile(graph, join(copy.folder, 'model.onnx'))
    expect(await readModelInfo(copy.folder)).toMatchObject({
      sha256: (await readModelInfo(exportedGolden)).sha256,
    })
    await copy.remove()
  })

  it('tells about itself without being run', async () => {
    const built = await readModelInfo(exportedGolden)
    const info = await readModelInfo(graph)
    expect(info).toMatchObject({
      id: 'net',
      path: graph,
      picture: { channels: 3, height: 16, width: 16 },
      licence: null,
    })
    expect(info.parameters).toBe(built.parameters)
    expect(info.scheduleHash).toBe(built.scheduleHash)
    expect(info.sha256).not.toBe(built.sha256)
  })

  it('is another model when its weights are others (would catch a hash of the graph alone)', async () => {
    const before = await readModelInfo(graph)
    const bytes = await readFile(join(folder, exportedWeights))
    bytes[bytes.length - 1] ^= 1
    await writeFile(join(folder, exportedWeights), bytes)
    expect((await readModelInfo(graph)).sha256).not.toBe(before.sha256)
  })

  it('is another model when the size that it leaves open is another (would catch frames of the old size)', async () => {
    const pipeline = join(folder, 'pipeline')
    const config = join(pipeline, 'unet/config.json')
    await changeSides('input', 0, { 2: open, 3: open })
    await writeExportedGraph(join(pipeline, 'unet/model.onnx'))
    await copyFile(graph, join(pipeline, 'unet/model.onnx'))
    await writeExportedSchedule(join(pipeline, 'scheduler'))
    const reread = async (size: number) => {
      await writeFile(config, JSON.stringify({ in_channels: 3, sample_size: size }))
      return { stamp: await stampModel(pipeline), ...(await readModelInfo(pipeline)) }
    }
    const [small, large] = [await reread(16), await reread(128)]
    expect(large.picture.height).toBe(128)
    expect(large.stamp).not.toBe(small.stamp)
    expect(large.sha256).not.toBe(small.sha256)
  })

  it('is the same model whatever its config.json says, where it tells its size itself', async () => {
    const before = await readModelInfo(graph)
    await writeFile(join(folder, 'config.json'), JSON.stringify({ in_channels: 3, sample_size: 8 }))
    expect((await readModelInfo(graph)).sha256).toBe(before.sha256)
  })

  it('is computed as it was written, and says so where half precision was asked for', async () => {
    const { compute } = await openModel({ path: graph, threads: 1, placement: inHalfPrecision })
    expect(compute).toMatchObject({ askedPrecision: 'fp16', precision: 'fp32' })
    expect(compute.reason).toContain('precision it was written in')
  })
})

describe('a graph that cannot be taken is refused with what to do', () => {
  const refusals: [what: string, change: () => Promise<unknown>, sentence: RegExp][] = [
    ['bytes of another kind', () => writeFile(graph, 'no graph'), /net\.onnx is not an ONNX graph/],
    [
      'no schedule beside it',
      () => rm(join(folder, 'scheduler_config.json')),
      /put the scheduler_config\.json/,
    ],
    ['weights that are missing', () => rm(join(folder, exportedWeights)), /one-layer\.weights.*is not there/],
    ['open sides and no config.json', () => changeSides('input', 0, { 2: open }), /put the config\.json/],
    ['batches of a fixed size', () => changeSides('input', 0, { 0: sideOf(4) }), /takes batches of 4 only/],
    ['latents of four channels', () => changeSides('input', 0, { 1: sideOf(4) }), /4 channels/],
    ['no timestep', () => changeGraph(({ input }) => input.splice(1)), /takes sample, not/],
    ['two graphs in a folder', () => copyFile(graph, join(folder, 'other.onnx')), /holds 2 \.onnx graphs/],
  ]

  it.each(refusals)('%s', async (what, change, sentence) => {
    await change()
    const path = what === 'two graphs in a folder' ? folder : graph
    await expect(readModelInfo(path)).rejects.toThrow(sentence)
  })
})
