import { fromBinary } from '@bufbuild/protobuf'
import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { explained } from '#files/fileErrors'
import { readJson, readWholeFile } from '#files/fileAccess'
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  TensorProto_DataType as DataType,
  type ValueInfoProto,
} from '../../graph/onnx_pb'

/** How a graph wants to be told the timestep. */
export interface TimestepInput {
  readonly name: string
  readonly dataType: DataType.FLOAT | DataType.INT32 | DataType.INT64
  /** One number for the batch, or one for each picture. */
  readonly each: 'batch' | 'scalar' | 'picture'
}

/** A U-Net that another program wrote as an ONNX graph: what can be told without running it. */
export interface ExportedGraph {
  /** The .onnx file. */
  readonly file: string
  /** It, the files beside it that hold its weights, and the configuration that closes its shape, where it is open. */
  readonly files: readonly string[]
  /** [C, H, W] */
  readonly shape: readonly [number, number, number]
  /** The only batch size it takes; null for any. */
  readonly batch: number | null
  readonly sampleName: string
  readonly timestep: TimestepInput
  readonly parameters: number
}

/** One side of an input: a number, or the name of what it is left open as. */
type Side = number | string

interface Input {
  readonly name: string
  readonly dataType: DataType
  readonly sides: readonly Side[]
}

const timestepTypes: readonly DataType[] = [DataType.FLOAT, DataType.INT32, DataType.INT64]

/**
 * Reads what a graph takes and answers: a batch [N, C, H, W] and a timestep, and one answer.
 *
 * @param file  the .onnx file
 * @param config  config.json of the `UNet2DModel` it was exported from, for sides the graph leaves open; null for none
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL for a damaged file, UNSUPPORTED for a graph of another kind
 */
export async function readExportedGraph(file: string, config: string | null): Promise<ExportedGraph> {
  const graph = await readGraph(file)
  const refuse = (what: string) =>
    new StudioError('UNSUPPORTED', `${file} ${what}: choose the graph of an unconditional pixel U-Net.`)
  const constants = new Set(graph.initializer.map(({ name }) => name))
  const inputs = graph.input.filter(({ name }) => !constants.has(name)).map(inputOf)
  const sample = inputs.find(({ sides }) => sides.length === 4)
  const timestep = inputs.find((input) => input !== sample && input.sides.length < 2)
  if (!sample || !timestep || inputs.length !== 2) {
    const names = inputs.map(({ name }) => name).join(', ') || 'nothing'
    throw refuse(`takes ${names}, not a batch of pictures and a timestep`)
  }
  if (graph.output.length !== 1) throw refuse(`has ${graph.output.length} outputs, not one`)
  if (sample.dataType !== DataType.FLOAT || inputOf(graph.output[0]).dataType !== DataType.FLOAT) {
    throw refuse('does not take and answer float32 values')
  }
  if (!timestepTypes.includes(timestep.dataType))
    throw refuse('takes its timestep as another type than a number')
  const batch = typeof sample.sides[0] === 'number' ? sample.sides[0] : null
  if (batch !== null && batch !== 1) throw refuse(`takes batches of ${batch} only`)
  const written = writtenShape(sample)
  const shape = written ?? (await configuredShape(file, config))
  const shapeFiles = written || config === null ? [] : [config]
  return {
    file,
    files: [file, ...(await weightFilesOf(graph, file)), ...shapeFiles],
    shape,
    batch,
    sampleName: sample.name,
    timestep: {
      name: timestep.name,
      dataType: timestep.dataType as TimestepInput['dataType'],
      each: eachOf(timestep.sides, sample.sides[0]),
    },
    parameters: graph.initializer.reduce(
      (sum, { dims }) => sum + dims.reduce((n, side) => n * Number(side), 1),
      0,
    ),
  }
}

/** What protobuf, and with it the runtime, can hold; larger networks keep their weights in files beside the graph. */
export const longestGraph = 2 ** 31 - 1

async function readGraph(file: string): Promise<GraphProto> {
  const bytes = await readWholeFile(file, longestGraph)
  let model: ModelProto
  try {
    model = fromBinary(ModelProtoSchema, bytes)
  } catch (error) {
    throw damaged(file, (error as Error).message)
  }
  if (!model.graph) throw damaged(file, 'it holds no graph')
  return model.graph
}

function damaged(file: string, what: string): StudioError {
  return new StudioError(
    'BAD_MODEL',
    `${file} is not an ONNX graph, or damaged (${what}): export or download it again.`,
  )
}

function inputOf({ name, type }: ValueInfoProto): Input {
  if (type?.value.case !== 'tensorType') return { name, dataType: DataType.UNDEFINED, sides: [] }
  const { elemType, shape } = type.value.value
  const sides = (shape?.dim ?? []).map(({ value }): Side => {
    if (value.case === 'dimValue') return Number(value.value)
    return value.value ?? ''
  })
  return { name, dataType: elemType, sides }
}

/** A vector as long as the batch wants a value for every picture; one of any other open length takes one for all. */
function eachOf([side]: readonly Side[], batch: Side): TimestepInput['each'] {
  if (side === undefined) return 'scalar'
  return side !== 1 && side === batch ? 'picture' : 'batch'
}

/** What config.json says of the pictures; the rest of it is in the graph. */
const configSchema = z.object({
  in_channels: z.int().min(1),
  sample_size: z.union([z.int().min(1), z.tuple([z.int().min(1), z.int().min(1)])]),
})

/** [C, H, W] as the graph has it; null where it leaves a side open. */
function writtenShape({ sides }: Input): [number, number, number] | null {
  const [, channels, height, width] = sides
  const isClosed = typeof channels === 'number' && typeof height === 'number' && typeof width === 'number'
  return isClosed ? [channels, height, width] : null
}

/** [C, H, W] as the configuration has it. */
async function configuredShape(file: string, config: string | null): Promise<[number, number, number]> {
  const open = `${file} leaves the size of its pictures open`
  if (config === null) {
    throw new StudioError('BAD_MODEL', `${open}: put the config.json of its network beside it.`)
  }
  const parsed = configSchema.safeParse(await readJson(config))
  if (!parsed.success) {
    throw new StudioError('BAD_MODEL', `${open}, and ${config} has no "in_channels" and "sample_size".`)
  }
  const { in_channels, sample_size: size } = parsed.data
  return [in_channels, ...(typeof size === 'number' ? ([size, size] as const) : size)]
}

/** The files that constants lie in, as the runtime would find them: beside the graph, and nowhere else. */
async function weightFilesOf({ initializer }: GraphProto, file: string): Promise<string[]> {
  const locations = initializer.flatMap(({ externalData }) =>
    externalData.filter(({ key }) => key === 'location').map(({ value }) => value),
  )
  const names = [...new Set(locations)].sort()
  const outside = names.find((name) => name !== basename(name))
  if (outside !== undefined) {
    throw new StudioError('BAD_MODEL', `${file} names "${outside}", which is not a plain file name.`)
  }
  const paths = names.map((name) => join(dirname(file), name))
  for (const path of paths) await explained(path, 'read', () => stat(path))
  return paths
}
