import { z } from 'zod'
import { StudioError } from '#shared/errors'
import type { NetworkInput } from '#shared/reports'
import { type GraphProto, TensorProto_DataType as DataType } from '../../graph/onnx_pb'
import { readNetworkConfig } from '../stableDiffusion'
import { classTableOf, type ClassInput } from './classInput'
import { readGraphFile, typeName } from './graphFile'
import {
  floatTypeOf,
  stateTypes,
  type FloatType,
  inputsOf,
  outputsOf,
  type Port,
  type Side,
  wholeTypes,
} from './ports'
import { type TextInputs, textInputsOf } from './textInputs'

/** How a graph takes the timestep. */
export interface TimestepInput {
  readonly name: string
  readonly dataType: NumberType
  /** The number of axes: 0 for a scalar, 1 for a vector; if more, the others have length 1. */
  readonly rank: number
  /** Whether it holds one number per picture of a batch, or one for all. */
  readonly isPerPicture: boolean
}

/** A network that another program exported as an ONNX graph: everything that is known without running it. */
export interface ExportedGraph {
  /** The .onnx file. */
  readonly file: string
  /**
   * The .onnx file, the files next to it that hold its weights and, if it leaves its shape open, the
   * configuration that fixes it.
   */
  readonly files: readonly string[]
  /** [C, H, W] */
  readonly shape: readonly [number, number, number]
  /** Channels of its output: C, or 2C if it also predicts a learned variance; null if the graph leaves them open. */
  readonly outputChannels: number | null
  /** The only batch size it takes; null for any. */
  readonly batch: number | null
  readonly sampleName: string
  /** Element types of the states it takes and of its output. */
  readonly sampleType: FloatType
  readonly answerType: FloatType
  readonly timestep: TimestepInput
  /** How it takes the class; null for an unconditional network. */
  readonly class: ClassInput | null
  /** The number of classes; null for an unconditional network. */
  readonly classes: number | null
  /** How it takes a text; null for a network without text. */
  readonly text: TextInputs | null
  readonly inputs: readonly NetworkInput[]
  readonly parameters: number
  readonly weightTypes: readonly string[]
  /** What people should know about how it was read, one sentence each. */
  readonly warnings: readonly string[]
}

const numberTypes = [...stateTypes, DataType.DOUBLE, DataType.INT32, DataType.INT64] as const
/** Element types of timesteps. */
export type NumberType = (typeof numberTypes)[number]

/** Returns whether a type holds integers only. */
export function isWholeType(type: NumberType): boolean {
  return wholeTypes.includes(type)
}

/**
 * Reads the inputs and outputs of a graph: a batch [N, C, H, W] and a timestep in, one tensor out.
 *
 * @param file  the .onnx file
 * @param config  config.json of the `UNet2DModel` it was exported from, for dimensions the graph leaves open;
 *   null for none
 * @param isLatent  whether the network has an autoencoder
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL for a damaged file, UNSUPPORTED for a graph of another
 *   kind
 */
export async function readExportedGraph(
  file: string,
  config: string | null,
  isLatent: boolean,
): Promise<ExportedGraph> {
  const { graph, parameters, weightFiles, weightTypes } = await readGraphFile(file)
  const { sample, timestep, label, text } = rolesOf(inputsOf(graph), file)
  if (graph.output.length !== 1) throw refusal(file, `has ${graph.output.length} outputs, not one`)
  const [answer] = outputsOf(graph)
  const [sampleType, answerType] = [sample, answer].map(floatTypeOf)
  if (sampleType === undefined || answerType === undefined) {
    throw refusal(file, 'does not take and answer float32 or float16 values')
  }
  const written = writtenShape(sample)
  const { shape, shapeFiles, warnings } = written ?? (await configuredShape(sample, file, config, isLatent))
  const [batch] = sample.sides
  const classInput = label && classInputOf(label, graph, file)
  return {
    file,
    files: [file, ...weightFiles, ...shapeFiles],
    shape,
    outputChannels: outputChannelsOf(answer, shape, file),
    batch: typeof batch === 'number' ? batch : null,
    sampleName: sample.name,
    sampleType,
    answerType,
    timestep: timestepOf(timestep, batch, file),
    class: classInput,
    classes: classInput && classInput.classes,
    text,
    inputs: [
      described('state', sample),
      described('timestep', timestep),
      ...(label ? [described('class', label)] : []),
      ...(text ? [described('text', text.tokens)] : []),
    ],
    parameters,
    weightTypes,
    warnings,
  }
}

function described(role: NetworkInput['role'], { name, dataType, sides }: Port): NetworkInput {
  return { role, name, type: typeName(dataType), shape: [...sides] }
}

function refusal(file: string, what: string): StudioError {
  return new StudioError(
    'UNSUPPORTED',
    `${file} ${what}: choose the graph of a network that takes states and a timestep, and besides them a class or a text at most.`,
  )
}

interface Roles {
  readonly sample: Port
  readonly timestep: Port
  readonly label: Port | null
  readonly text: TextInputs | null
}

/** Names that exporters and their users give the class input. */
const className = /class|label|^y$|^c$/i

/** Inputs of unsupported kinds of network, and what each stands for. */
const foreign: Readonly<Record<string, string>> = {
  timestep_cond:
    'a guidance weight ("timestep_cond") as consistency models (LCM) do, which have no inverse that could be trusted',
  pooled_projections:
    'texts as SD3 and Flux do ("pooled_projections"), whose T5 text encoder is not supported',
  img_ids: 'states that are packed into tokens ("img_ids") as Flux does, which is not supported',
  mid_block_additional_residual: 'the answers of a ControlNet, which is not supported',
}

/** Assigns each input its role: by its axes, and by name where the axes are ambiguous. */
function rolesOf(inputs: readonly Port[], file: string): Roles {
  const reason = inputs.map(({ name }) => foreign[name]).find((known) => known !== undefined)
  if (reason) throw refusal(file, `takes ${reason}`)
  const text = textInputsOf(inputs)
  const shown = inputs.filter((input) => !text || ![text.tokens, text.pooled, text.sizes].includes(input))
  const sample = shown.find((input) => input.sides.length === 4 && !isPerPictureNumber(input))
  const others = shown.filter((input) => input !== sample)
  const label = others.length === 2 ? (others.find(({ name }) => className.test(name)) ?? null) : null
  const timestep = others.find((input) => input !== label && isPerPictureNumber(input))
  if (!sample || !timestep || shown.length !== (label ? 3 : 2)) {
    const names = inputs.map(({ name }) => name).join(', ') || 'nothing'
    throw refusal(file, `takes ${names}, not a batch of states, a timestep and perhaps a class or a text`)
  }
  const [, channels, height, width] = sample.sides
  if (isChannelCount(width) && !isChannelCount(channels) && height === channels) {
    throw refusal(
      file,
      `takes its pictures with the channels last, [N, ${channels}, ${height}, ${width}], and not first`,
    )
  }
  return { sample, timestep, label, text }
}

/** Returns whether an input is a scalar or one number per picture: no axis but the first is longer than 1. */
function isPerPictureNumber({ sides }: Port): boolean {
  return sides.slice(1).every((side) => side === 1)
}

function isChannelCount(side: Side): boolean {
  return typeof side === 'number' && side <= 4
}

/** Checks the sides of the output, except those that the graph leaves open, and returns its channels. */
function outputChannelsOf(
  { sides: [, own, ...size] }: Port,
  [channels, height, width]: ExportedGraph['shape'],
  file: string,
): number | null {
  const fits = size.every((side, axis) => typeof side !== 'number' || side === [height, width][axis])
  if (!fits) throw refusal(file, `takes states of ${height} × ${width} and answers ${size.join(' × ')}`)
  if (typeof own !== 'number') return null
  if (own === channels || own === 2 * channels) return own
  throw refusal(file, `takes states of ${channels} channels and answers ${own}`)
}

function timestepOf({ name, dataType, sides }: Port, batch: Side, file: string): TimestepInput {
  const type = numberTypes.find((known) => known === dataType)
  if (type === undefined) throw refusal(file, 'takes its timestep as another type than a number')
  const [first] = sides
  if (typeof first === 'number' && first !== 1 && first !== batch)
    throw refusal(file, `takes ${first} timesteps, neither one nor as many as states`)
  // A vector as long as the batch takes a value per picture; a vector of any other open length takes one value for
  // all.
  const isPerPicture = first !== undefined && (first === batch || sides.length > 1) && first !== 1
  return { name, dataType: type, rank: sides.length, isPerPicture }
}

/** Reads how a graph takes a class: as a number that it looks up in a table, or as weights of all classes. */
function classInputOf({ name, dataType, sides }: Port, graph: GraphProto, file: string): ClassInput {
  const [, width] = sides
  const isFloat = stateTypes.some((type) => type === dataType)
  if (isFloat && sides.length === 2 && typeof width === 'number' && width > 1) {
    return { name, classes: width, table: null }
  }
  const table = sides.length === 1 && wholeTypes.includes(dataType) ? classTableOf(graph, name) : null
  if (table) return { name, classes: table.classes, table: table.node }
  throw refusal(file, `takes a class as "${name}" in a form that is not supported`)
}

/** The part of config.json that describes the pictures; everything else is in the graph. */
const configSchema = z.object({
  in_channels: z.int().min(1),
  sample_size: z.union([z.int().min(1), z.tuple([z.int().min(1), z.int().min(1)])]),
})

/** [C, H, W], and where else than in the graph they were read. */
interface Shape {
  readonly shape: readonly [number, number, number]
  readonly shapeFiles: readonly string[]
  readonly warnings: readonly string[]
}

const axisNames = ['channels', 'rows', 'columns']

/** Reads [C, H, W] from the graph; null if it leaves a dimension open. */
function writtenShape({ sides }: Port): Shape | null {
  const [, channels, height, width] = sides
  const isClosed = typeof channels === 'number' && typeof height === 'number' && typeof width === 'number'
  return isClosed ? { shape: [channels, height, width], shapeFiles: [], warnings: [] } : null
}

/**
 * Reads [C, H, W] from the configuration.
 *
 * @throws StudioError BAD_MODEL if there is none, or if it contradicts a side that the graph does not leave open
 */
async function configuredShape(
  { sides: [, ...sides] }: Port,
  file: string,
  config: string | null,
  isLatent: boolean,
): Promise<Shape> {
  const open = `${file} leaves the size of its pictures open`
  if (config === null) {
    throw new StudioError('BAD_MODEL', `${open}: put the config.json of its network beside it.`)
  }
  const { json, warnings } = await readNetworkConfig(config, isLatent)
  const parsed = configSchema.safeParse(json)
  if (!parsed.success) {
    throw new StudioError('BAD_MODEL', `${open}, and ${config} has no "in_channels" and "sample_size".`)
  }
  const { in_channels, sample_size: size } = parsed.data
  const [height, width] = typeof size === 'number' ? [size, size] : size
  const shape = [in_channels, height, width] as const
  const wrong = sides.findIndex((side, axis) => typeof side === 'number' && side !== shape[axis])
  if (wrong < 0) return { shape, shapeFiles: [config], warnings }
  throw new StudioError(
    'BAD_MODEL',
    `${file} takes states of ${sides[wrong]} ${axisNames[wrong]}, and ${config} says ${shape[wrong]}: put the config.json of the same network beside it.`,
  )
}
