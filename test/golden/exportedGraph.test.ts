import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { stampModel } from '#engine/model/folders/modelParts'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataType as DataType,
  TensorProto_DataLocation,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema as DimensionSchema,
  ValueInfoProtoSchema,
} from '#engine/model/graph/onnx_pb'
import { classCondition } from '#engine/model/network/classCondition'
import { mixConditions, stackConditions } from '#engine/model/network/condition'
import { openModel } from '#engine/model/denoiser/openModel'
import { exportRepository } from '#engine/model/folders/exportRepository'
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

async function changeGraph(change: (net: NonNullable<ModelProto['graph']>) => void): Promise<void> {
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
  await changeGraph((net) => {
    const type = net[of][index].type!.value
    if (type.case !== 'tensorType') throw new TypeError('no tensor')
    for (const [at, side] of Object.entries(sides)) {
      type.value.shape!.dim[Number(at)] = create(DimensionSchema, side)
    }
  })
}

type Graph = NonNullable<ModelProto['graph']>

function relocate(constants: Graph['initializer'], location: string): void {
  for (const { externalData } of constants) {
    for (const entry of externalData) if (entry.key === 'location') entry.value = location
  }
}

function tensorTypeOf(value: Graph['input'][number]) {
  if (value.type?.value.case !== 'tensorType') throw new TypeError('no tensor')
  return value.type.value.value
}

const castNode = (input: string, output: string, to: DataType) =>
  create(NodeProtoSchema, {
    opType: 'Cast',
    input: [input],
    output: [output],
    attribute: [
      create(AttributeProtoSchema, { name: 'to', type: AttributeProto_AttributeType.INT, i: BigInt(to) }),
    ],
  })

/** Declares an input with another type, and casts it back inside. */
async function castInput(index: number, declared: DataType, inside: DataType): Promise<void> {
  await changeGraph((net) => {
    const { name } = net.input[index]
    for (const { input } of net.node) {
      for (const [at, used] of input.entries()) if (used === name) input[at] = `${name}_inside`
    }
    tensorTypeOf(net.input[index]).elemType = declared
    net.node.unshift(castNode(name, `${name}_inside`, inside))
  })
}

async function castOutput(declared: DataType): Promise<void> {
  await changeGraph((net) => {
    const { name } = net.output[0]
    for (const { output } of net.node) {
      for (const [at, made] of output.entries()) if (made === name) output[at] = `${name}_inside`
    }
    tensorTypeOf(net.output[0]).elemType = declared
    net.node.push(castNode(`${name}_inside`, name, declared))
  })
}

/** Declares the timestep with other axes; inside, it is expanded to one number per picture. */
async function reshapeTimestep(sides: readonly Side[]): Promise<void> {
  await changeGraph((net) => {
    const [sample, timestep] = net.input
    for (const { input } of net.node) {
      for (const [at, used] of input.entries()) if (used === timestep.name) input[at] = 'timestep_inside'
    }
    const { dim } = tensorTypeOf(timestep).shape!
    const batch = tensorTypeOf(sample).shape!.dim[0]
    dim.splice(0, dim.length, ...sides.map((side) => (side === open ? batch : create(DimensionSchema, side))))
    const shapeOf = create(NodeProtoSchema, {
      opType: 'Shape',
      input: [sample.name],
      output: ['batch_size'],
      attribute: [
        create(AttributeProtoSchema, { name: 'end', type: AttributeProto_AttributeType.INT, i: 1n }),
      ],
    })
    net.initializer.push(
      create(TensorProtoSchema, { name: 'all', dims: [1n], dataType: DataType.INT64, int64Data: [-1n] }),
    )
    const flat = create(NodeProtoSchema, {
      opType: 'Reshape',
      input: [timestep.name, 'all'],
      output: ['flat'],
    })
    const expand = create(NodeProtoSchema, {
      opType: 'Expand',
      input: ['flat', 'batch_size'],
      output: ['timestep_inside'],
    })
    net.node.unshift(shapeOf, flat, expand)
  })
}

const sideOf = (length: number): Side => ({ value: { case: 'dimValue', value: BigInt(length) } })
const open: Side = { value: { case: 'dimParam', value: 'side' } }

async function expectGolden(path: string, tolerance = 1e-4): Promise<void> {
  const { sample, epsilons } = await readGolden(exportedGolden)
  const model = await openModel({ path, threads: 2 })
  for (const timestep of timesteps) {
    const { data } = await model.denoiser.predict(sample, timestep)
    expect(largestDifference(data, epsilons.get(timestep)!.data)).toBeLessThan(tolerance)
  }
  await model.close()
}

describe('an exported graph', () => {
  it('matches diffusers’ predictions at every timestep (would catch a wrong timestep, order or weight)', async () => {
    await expectGolden(graph)
  })

  it('may take one picture at a time (would catch a batch that is not split)', async () => {
    await changeSides('input', 0, { 0: sideOf(1) })
    await changeSides('input', 1, { 0: sideOf(1) })
    await changeSides('output', 0, { 0: sideOf(1) })
    await expectGolden(graph)
  })

  it('may take batches of one fixed size (would catch a last batch that is too short)', async () => {
    await changeSides('input', 0, { 0: sideOf(5) })
    await changeSides('input', 1, { 0: sideOf(5) })
    await changeSides('output', 0, { 0: sideOf(5) })
    await expectGolden(graph)
  })

  it('may output a learned variance after the noise (would catch variances read as the next item’s noise)', async () => {
    await changeGraph((net) => {
      const [{ name }] = net.output
      const axis = create(AttributeProtoSchema, {
        name: 'axis',
        type: AttributeProto_AttributeType.INT,
        i: 1n,
      })
      const input = [name, net.input[0].name]
      net.node.push(create(NodeProtoSchema, { opType: 'Concat', input, output: ['both'], attribute: [axis] }))
      net.output[0].name = 'both'
    })
    await changeSides('output', 0, { 1: sideOf(6) })
    await expectGolden(graph)
  })

  it('may declare a dynamic batch size as -1', async () => {
    await changeSides('input', 0, { 0: sideOf(-1) })
    await changeSides('input', 1, { 0: sideOf(-1) })
    await changeSides('output', 0, { 0: sideOf(-1) })
    await expectGolden(graph)
  })

  it('may refer to its weights by a path that starts with ./', async () => {
    await changeGraph(({ initializer }) => relocate(initializer, `./${exportedWeights}`))
    await expectGolden(graph)
  })

  it.each([
    ['[N, 1]', [open, sideOf(1)]],
    ['[N, 1, 1, 1]', [open, sideOf(1), sideOf(1), sideOf(1)]],
    ['[1]', [sideOf(1)]],
    ['[]', []],
  ])('may take its timestep with shape %s', async (_, sides) => {
    await reshapeTimestep(sides)
    await expectGolden(graph)
  })

  it.each(['FLOAT', 'FLOAT16', 'DOUBLE', 'INT32'] as const)(
    'may take its timestep with type %s',
    async (type) => {
      await castInput(1, DataType[type], DataType.INT64)
      await expectGolden(graph)
    },
  )

  it('may have half-precision input and output (would catch raw bits read as numbers)', async () => {
    await castInput(0, DataType.FLOAT16, DataType.FLOAT)
    await castOutput(DataType.FLOAT16)
    // Half precision keeps 11 bits of values up to about 4.
    await expectGolden(graph, 1e-2)
  })

  it('may be the network of a diffusers folder whose config.json gives the sizes that the graph leaves open', async () => {
    await changeSides('input', 0, { 2: open, 3: open })
    const pipeline = join(folder, 'pipeline')
    await writeExportedGraph(join(pipeline, 'unet/model.onnx'))
    await copyFile(graph, join(pipeline, 'unet/model.onnx'))
    await writeExportedSchedule(join(pipeline, 'scheduler'))
    await copyFile(join(exportedGolden, 'unet/config.json'), join(pipeline, 'unet/config.json'))
    await expectGolden(pipeline)
  })

  it('is ignored in a folder that also has weights (would catch a stray .onnx file used instead of them)', async () => {
    const copy = await ModelCopy.of('one-layer')
    await copyFile(graph, join(copy.folder, 'model.onnx'))
    expect(await readModelInfo(copy.folder)).toMatchObject({
      sha256: (await readModelInfo(exportedGolden)).sha256,
    })
    await copy.remove()
  })

  it('is described without being run', async () => {
    const built = await readModelInfo(exportedGolden)
    const info = await readModelInfo(graph)
    expect(info).toMatchObject({
      id: 'net',
      path: graph,
      picture: { channels: 3, height: 16, width: 16 },
      licence: null,
    })
    // The exporter adds a few constants of its own, such as the frequencies of the timestep embedding.
    expect(info.parameters).toBeGreaterThanOrEqual(built.parameters)
    expect(info.parameters).toBeLessThan(1.01 * built.parameters)
    expect(info.scheduleHash).toBe(built.scheduleHash)
    expect(info.sha256).not.toBe(built.sha256)
  })

  it('counts as another model when its weights change (would catch a hash of the graph alone)', async () => {
    const before = await readModelInfo(graph)
    const bytes = await readFile(join(folder, exportedWeights))
    bytes[bytes.length - 1] ^= 1
    await writeFile(join(folder, exportedWeights), bytes)
    expect((await readModelInfo(graph)).sha256).not.toBe(before.sha256)
  })

  it('counts as another model when the weights of a Constant node change (would catch one model run as the other)', async () => {
    const before = await readModelInfo(graph)
    const other = join(folder, 'other.weights')
    await writeFile(other, Buffer.alloc(4))
    const external = [
      { key: 'location', value: 'other.weights' },
      { key: 'offset', value: '0' },
      { key: 'length', value: '4' },
    ]
    await changeGraph(({ node }) => {
      const constant = create(TensorProtoSchema, {
        dims: [1n],
        dataType: DataType.FLOAT,
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: external,
      })
      const value = create(AttributeProtoSchema, {
        name: 'value',
        type: AttributeProto_AttributeType.TENSOR,
        t: constant,
      })
      node.unshift(create(NodeProtoSchema, { opType: 'Constant', output: ['unused'], attribute: [value] }))
    })
    const zero = await readModelInfo(graph)
    await writeFile(other, Buffer.from(Float32Array.of(1).buffer))
    expect((await readModelInfo(graph)).sha256).not.toBe(zero.sha256)
    expect(zero.parameters).toBe(before.parameters + 1)
  })

  it('counts as another model when config.json changes the size that the graph leaves open (would catch frames of the old size)', async () => {
    const pipeline = join(folder, 'pipeline')
    const config = join(pipeline, 'unet/config.json')
    await changeSides('output', 0, { 2: open, 3: open })
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

  it('counts as the same model whatever config.json says if the graph itself fixes its size', async () => {
    const before = await readModelInfo(graph)
    await writeFile(join(folder, 'config.json'), JSON.stringify({ in_channels: 3, sample_size: 8 }))
    expect((await readModelInfo(graph)).sha256).toBe(before.sha256)
  })

  it('refuses fractional timesteps and says so (would catch a silently rounded timestep)', async () => {
    const { sample } = await readGolden(exportedGolden)
    const model = await openModel({ path: graph, threads: 1 })
    await expect(model.denoiser.predict(sample, 10.5)).rejects.toThrow('takes whole timesteps')
    await model.close()
  })

  it('runs in the precision it was written in, and says so when half precision is requested', async () => {
    const { compute } = await openModel({ path: graph, threads: 1, placement: inHalfPrecision })
    expect(compute).toMatchObject({ askedPrecision: 'fp16', precision: 'fp32' })
    expect(compute.reason).toContain('precision it was written in')
  })
})

describe('an exported class-conditional graph', () => {
  const classes = 3
  /** The offset that each class adds to each channel of the noise. */
  const table = [0, 0, 0, 1, 2, 3, -4, 5, 0.5]

  /** Adds a class input to the graph, looked up as exporters do it, and its effect on the output. */
  async function addClass(attribute: { name: string; i: bigint }[] = []): Promise<void> {
    await changeGraph((net) => {
      const [batch] = tensorTypeOf(net.input[0]).shape!.dim
      const [{ name: answer }] = net.output
      for (const { output } of net.node) if (output[0] === answer) output[0] = 'unconditional'
      net.input.push(
        create(ValueInfoProtoSchema, {
          name: 'class_labels',
          type: {
            value: {
              case: 'tensorType',
              value: { elemType: DataType.INT64, shape: { dim: [create(DimensionSchema, batch)] } },
            },
          },
        }),
      )
      net.initializer.push(
        create(TensorProtoSchema, {
          name: 'table',
          dataType: DataType.FLOAT,
          dims: [BigInt(classes), 3n],
          floatData: table,
        }),
        create(TensorProtoSchema, {
          name: 'places',
          dataType: DataType.INT64,
          dims: [4n],
          int64Data: [-1n, 3n, 1n, 1n],
        }),
      )
      const type = AttributeProto_AttributeType.INT
      net.node.push(
        create(NodeProtoSchema, {
          opType: 'Gather',
          input: ['table', 'class_labels'],
          output: ['looked_up'],
          attribute: attribute.map((one) => create(AttributeProtoSchema, { ...one, type })),
        }),
        create(NodeProtoSchema, { opType: 'Reshape', input: ['looked_up', 'places'], output: ['shift'] }),
        create(NodeProtoSchema, { opType: 'Add', input: ['unconditional', 'shift'], output: [answer] }),
      )
    })
  }

  it('receives each picture’s class and weighted mixtures of classes (would catch the first picture’s class used for all)', async () => {
    const { sample, epsilons } = await readGolden(exportedGolden)
    const [timestep] = timesteps
    await addClass([{ name: 'axis', i: 0n }])
    const model = await openModel({ path: graph, threads: 1 })
    expect(model.info.classes).toBe(classes)
    const of = (index: number) => classCondition(model.info, index)
    const mixed = mixConditions([of(1), of(2)], [0.25, 0.75])
    const condition = stackConditions([of(2), mixed])
    const { data } = await model.denoiser.predict(sample, timestep, { condition })
    const shifts = [table.slice(6), [0, 1, 2].map((c) => 0.25 * table[3 + c] + 0.75 * table[6 + c])]
    const [, channels, height, width] = sample.shape
    const expected = epsilons.get(timestep)!.data.map((value, i) => {
      const channel = Math.floor(i / (height * width))
      return value + shifts[Math.floor(channel / channels)][channel % channels]
    })
    expect(largestDifference(data, expected)).toBeLessThan(1e-4)
    await model.close()
  })

  it('is not exported for a server, and says why (would catch the advice to copy a graph that cannot be served)', async () => {
    await addClass([{ name: 'axis', i: 0n }])
    const target = { folder: join(folder, 'repository'), precision: 'fp32', overwrite: false } as const
    await expect(exportRepository({ path: graph }, target)).rejects.toThrow(
      /shown the number of a class, which servers are not asked yet/,
    )
  })

  it('is refused if it looks up its class in another way (would catch rows mixed where columns are meant)', async () => {
    await addClass([{ name: 'axis', i: 1n }])
    await expect(readModelInfo(graph)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('takes a class as "class_labels" in a form that is not supported'),
    })
  })
})

describe('an unusable graph', () => {
  const refusals: [what: string, change: () => Promise<unknown>, sentence: RegExp][] = [
    ['bytes of another kind', () => writeFile(graph, 'no graph'), /net\.onnx is not an ONNX graph/],
    [
      'no schedule beside it',
      () => rm(join(folder, 'scheduler_config.json')),
      /put the scheduler_config\.json/,
    ],
    ['weights that are missing', () => rm(join(folder, exportedWeights)), /one-layer\.weights.*is not there/],
    [
      'weights that are cut short (would catch a message of the runtime without the file)',
      () => truncate(join(folder, exportedWeights), 400),
      /one-layer\.weights has 400 bytes, and \d+ are needed for the weights of .*net\.onnx: download/,
    ],
    [
      'weights with two locations, of which the one that is read is cut short',
      async () => {
        await writeFile(join(folder, 'a.weights'), '')
        await changeGraph(({ initializer }) => {
          for (const { externalData } of initializer) {
            if (externalData.length > 0)
              externalData.unshift(
                create(StringStringEntryProtoSchema, { key: 'location', value: 'a.weights' }),
              )
          }
        })
        await truncate(join(folder, exportedWeights), 400)
      },
      /one-layer\.weights has 400 bytes, and \d+ are needed/,
    ],
    [
      'open sides and a config.json of other channels',
      async () => {
        await changeSides('input', 0, { 2: open, 3: open })
        await writeFile(join(folder, 'config.json'), JSON.stringify({ in_channels: 4, sample_size: 16 }))
      },
      /net\.onnx takes states of 3 channels, and .*config\.json says 4: put/,
    ],
    [
      'two timesteps for any number of states',
      () => changeSides('input', 1, { 0: sideOf(2) }),
      /takes 2 timesteps, neither one nor as many as states/,
    ],
    ['open sides and no config.json', () => changeSides('input', 0, { 2: open }), /put the config\.json/],
    [
      'channels behind the pixels',
      () => changeSides('input', 0, { 1: sideOf(16), 3: sideOf(3) }),
      /channels last, \[N, 16, 16, 3\]/,
    ],
    [
      'weights outside its folder',
      () => changeGraph(({ initializer }) => relocate(initializer, '../one-layer.weights')),
      /names "\.\.\/one-layer\.weights", which is not a file in its own folder: export the graph again/,
    ],
    [
      'weights whose name holds a zero byte',
      () => changeGraph(({ initializer }) => relocate(initializer, 'one\0layer.weights')),
      /which is not a file in its own folder/,
    ],
    ['latents of four channels', () => changeSides('input', 0, { 1: sideOf(4) }), /4 channels/],
    [
      'an answer of another size',
      () => changeSides('output', 0, { 1: sideOf(5) }),
      /3 channels and answers 5/,
    ],
    ['no timestep', () => changeGraph(({ input }) => input.splice(1)), /takes sample, not/],
    [
      'two graphs in a folder',
      () => copyFile(graph, join(folder, 'other.onnx')),
      /holds 2 \.onnx graphs: choose one of/,
    ],
  ]

  it.each(refusals)('is refused with a reason: %s', async (what, change, sentence) => {
    await change()
    const path = what === 'two graphs in a folder' ? folder : graph
    await expect(readModelInfo(path)).rejects.toThrow(sentence)
  })
})
