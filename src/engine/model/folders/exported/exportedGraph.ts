import { z } from 'zod'
import { StudioError } from '#shared/errors'
import type { NetworkInput } from '#shared/reports'
import { readJson } from '#files/fileAccess'
import { type GraphProto, TensorProto_DataType as DataType, type ValueInfoProto } from '../../graph/onnx_pb'
import { classTableOf, type ClassInput } from './classInput'
import { readGraphFile, typeName } from './graphFile'

/** How a graph wants to be told the timestep. */
export interface TimestepInput {
  readonly name: string
  readonly dataType: NumberType
  /** How many axes it has: 0 for a single number, 1 for a vector, more where the others are of length 1. */
  readonly rank: number
  /** Whether it holds a number for each picture of a batch; one for all otherwise. */
  readonly isPerPicture: boolean
}

/** A U-Net that another program wrote as an ONNX graph: what can be told without running it. */
export interface ExportedGraph {
  /** The .onnx file. */
  readonly file: string
  /** It, the files beside it that hold its weights, and the configuration that closes its shape, where it is open. */
  readonly files: readonly string[]
  /** [C, H, W] */
  readonly shape: readonly [number, number, number]
  /** Channels of its answer: C, or 2C where it has learned a variance, too. */
  readonly outputChannels: number
  /** The only batch size it takes; null for any. */
  readonly batch: number | null
  readonly sampleName: string
  /** What the states it takes and the answers it gives are made of. */
  readonly sampleType: FloatType
  readonly answerType: FloatType
  readonly timestep: TimestepInput
  /** How it wants to be told the class; null for an unconditional network. */
  readonly class: ClassInput | null
  /** How many classes it tells apart. */
  readonly classes: number | null
  readonly inputs: readonly NetworkInput[]
  readonly parameters: number
  readonly weightTypes: readonly string[]
}

/** One side of an input: a number, or the name of what it is left open as. */
type Side = number | string

interface Input {
  readonly name: string
  readonly dataType: DataType
  readonly sides: readonly Side[]
}

const floatTypes = [DataType.FLOAT, DataType.FLOAT16] as const
/** Types of states and answers. */
export type FloatType = (typeof floatTypes)[number]

const wholeTypes: readonly DataType[] = [DataType.INT32, DataType.INT64]
const numberTypes = [...floatTypes, DataType.DOUBLE, DataType.INT32, DataType.INT64] as const
/** Types of timesteps. */
export type NumberType = (typeof numberTypes)[number]

/** Whether a type holds whole numbers only. */
export function isWholeType(type: NumberType): boolean {
  return wholeTypes.includes(type)
}

/**
 * Reads what a graph takes and answers: a batch [N, C, H, W] and a timestep, and one answer.
 *
 * @param file  the .onnx file
 * @param config  config.json of the `UNet2DModel` it was exported from, for sides the graph leaves open; null for none
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL for a damaged file, UNSUPPORTED for a graph of another kind
 */
export async function readExportedGraph(file: string, config: string | null): Promise<ExportedGraph> {
  const { graph, parameters, weightFiles, weightTypes } = await readGraphFile(file)
  const constants = new Set(graph.initializer.map(({ name }) => name))
  const inputs = graph.input.filter(({ name }) => !constants.has(name)).map(inputOf)
  const { sample, timestep, label } = rolesOf(inputs, file)
  if (graph.output.length !== 1) throw refusal(file, `has ${graph.output.length} outputs, not one`)
  const answer = inputOf(graph.output[0])
  const [sampleType, answerType] = [sample, answer].map(({ dataType }) =>
    floatTypes.find((type) => type === dataType),
  )
  if (sampleType === undefined || answerType === undefined) {
    throw refusal(file, 'does not take and answer float32 or float16 values')
  }
  const written = writtenShape(sample)
  const shape = written ?? (await configuredShape(file, config))
  const shapeFiles = written || config === null ? [] : [config]
  const [batch] = sample.sides
  const classInput = label && classInputOf(label, graph, file)
  return {
    file,
    files: [file, ...weightFiles, ...shapeFiles],
    shape,
    outputChannels: outputChannelsOf(answer, shape[0], file),
    batch: typeof batch === 'number' ? batch : null,
    sampleName: sample.name,
    sampleType,
    answerType,
    timestep: timestepOf(timestep, batch, file),
    class: classInput,
    classes: classInput && classInput.classes,
    inputs: [
      described('state', sample),
      described('timestep', timestep),
      ...(label ? [described('class', label)] : []),
    ],
    parameters,
    weightTypes,
  }
}

function described(role: NetworkInput['role'], { name, dataType, sides }: Input): NetworkInput {
  return { role, name, type: typeName(dataType), shape: [...sides] }
}

function refusal(file: string, what: string): StudioError {
  return new StudioError('UNSUPPORTED', `${file} ${what}: choose the graph of an unconditional pixel U-Net.`)
}

interface Roles {
  readonly sample: Input
  readonly timestep: Input
  readonly label: Input | null
}

/** What exporters and their users call the class. */
const className = /class|label|^y$|^c$/i

/** Which input is the state, which the timestep and which the class: by their axes, and by their names where those agree. */
function rolesOf(inputs: readonly Input[], file: string): Roles {
  const sample = inputs.find((input) => input.sides.length === 4 && !isPerPictureNumber(input))
  const others = inputs.filter((input) => input !== sample)
  const label = others.length === 2 ? (others.find(({ name }) => className.test(name)) ?? null) : null
  const timestep = others.find((input) => input !== label && isPerPictureNumber(input))
  if (!sample || !timestep || inputs.length !== (label ? 3 : 2)) {
    const names = inputs.map(({ name }) => name).join(', ') || 'nothing'
    throw refusal(file, `takes ${names}, not a batch of pictures, a timestep and perhaps a class`)
  }
  const [, channels, height, width] = sample.sides
  if (isChannelCount(width) && !isChannelCount(channels) && height === channels) {
    throw refusal(
      file,
      `takes its pictures with the channels last, [N, ${channels}, ${height}, ${width}], and not first`,
    )
  }
  return { sample, timestep, label }
}

/** A number, or a number a picture: no axis but the first is longer than 1. */
function isPerPictureNumber({ sides }: Input): boolean {
  return sides.slice(1).every((side) => side === 1)
}

function isChannelCount(side: Side): boolean {
  return typeof side === 'number' && side <= 4
}

/** A graph that leaves its answer open is taken to answer in the shape of the state. */
function outputChannelsOf({ sides: [, side] }: Input, channels: number, file: string): number {
  if (typeof side !== 'number') return channels
  if (side === channels || side === 2 * channels) return side
  throw refusal(file, `takes states of ${channels} channels and answers ${side}`)
}

function timestepOf({ name, dataType, sides }: Input, batch: Side, file: string): TimestepInput {
  const type = numberTypes.find((known) => known === dataType)
  if (type === undefined) throw refusal(file, 'takes its timestep as another type than a number')
  const [first] = sides
  // A vector as long as the batch wants a value for every picture; one of any other open length takes one for all.
  const isPerPicture = first !== undefined && (first === batch || sides.length > 1) && first !== 1
  return { name, dataType: type, rank: sides.length, isPerPicture }
}

/**
 * A class is told by its number, which the graph looks up in a table, or by weights of all classes, as in one-hot vectors.
 */
function classInputOf({ name, dataType, sides }: Input, graph: GraphProto, file: string): ClassInput {
  const [, width] = sides
  const isFloat = floatTypes.some((type) => type === dataType)
  if (isFloat && sides.length === 2 && typeof width === 'number' && width > 1) {
    return { name, classes: width, table: null }
  }
  const table = sides.length === 1 && wholeTypes.includes(dataType) ? classTableOf(graph, name) : null
  if (table) return { name, classes: table.classes, table: table.node }
  throw refusal(file, `takes a class as "${name}" in a form that is not supported`)
}

function inputOf({ name, type }: ValueInfoProto): Input {
  if (type?.value.case !== 'tensorType') return { name, dataType: DataType.UNDEFINED, sides: [] }
  const { elemType, shape } = type.value.value
  const sides = (shape?.dim ?? []).map(({ value }): Side => {
    // Some exporters write a side that they leave open as -1 or 0.
    if (value.case === 'dimValue') return value.value > 0n ? Number(value.value) : ''
    return value.value ?? ''
  })
  return { name, dataType: elemType, sides }
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
