import { StudioError } from '#shared/errors'
import type { ModelInfo } from '#shared/reports'
import type { Autoencoder } from '../../graph/autoencoder/Autoencoder'
import type { AutoencoderPlan, Coding } from '../../graph/autoencoder/autoencoderGraph'
import { type GraphProto, TensorProto_DataType as DataType } from '../../graph/onnx_pb'
import type { GraphSource } from '../../network/OnnxNetwork'
import type { OpenGraph } from '../../network/optimizedGraphs'
import { filledUp } from './filledUp'
import { type GraphFile, readGraphFile } from './graphFile'
import { added, constantNode, floatPort, nodeOf, withOtherEdges } from './graphEdges'
import { openExported } from './openExported'
import { floatTypeOf, type FloatType, inputsOf, outputsOf, type Port } from './ports'

/** One half of an autoencoder that another program exported as an ONNX graph. */
export interface ExportedCoding extends Pick<GraphFile, 'parameters'> {
  readonly coding: Coding
  readonly plan: AutoencoderPlan
  /** The .onnx file. */
  readonly file: string
  /** The .onnx file, and the files next to it that hold its weights. */
  readonly files: readonly string[]
  readonly input: string
  readonly inputType: FloatType
  readonly output: string
  /** The only batch size it takes; null for any. */
  readonly batch: number | null
}

/** The name that optimum gives the moments of the distribution. The first half of them is the mean. */
const momentsName = 'latent_parameters'
/** A sample from that distribution. */
const drawName = 'latent_sample'

const randomNodes = [
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
  'Multinomial',
  'Bernoulli',
]

/**
 * Reads the inputs and outputs of one half of an autoencoder and checks them against the configuration.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL for a damaged file, UNSUPPORTED for a graph of another
 *   kind or one with random outputs
 */
export async function readExportedCoding(
  coding: Coding,
  file: string,
  plan: AutoencoderPlan,
): Promise<ExportedCoding> {
  const { graph, parameters, weightFiles } = await readGraphFile(file)
  const inputs = inputsOf(graph)
  const outputs = outputsOf(graph)
  const input = inputs[0]
  const inputType = inputs.length === 1 ? floatTypeOf(input) : undefined
  if (inputType === undefined) {
    throw refusal(file, `takes ${namesOf(inputs)}, not one batch of float32 or float16 values`)
  }
  if (outputs.length === 0) throw refusal(file, 'answers nothing')
  requireNothingRandom(graph, file)
  const output = coding === 'encoder' ? stateOutput(outputs, plan.autoencoder, file) : outputs[0]
  requireSizes(input, sizesOf(coding === 'encoder' ? 'pictures' : 'states', plan), file)
  if (coding === 'decoder') requireSizes(output, sizesOf('pictures', plan), file)
  const [batch] = input.sides
  return {
    coding,
    plan,
    file,
    files: [file, ...weightFiles],
    parameters,
    input: input.name,
    inputType,
    output: output.name,
    batch: typeof batch === 'number' ? batch : null,
  }
}

/** Wraps one half of an autoencoder as a network from pictures to states, or back, in float32. */
export function exportedCoding(exported: ExportedCoding, info: ModelInfo, openGraph: OpenGraph): GraphSource {
  const { file, batch, coding, plan } = exported
  const { pictureChannels, stateChannels } = plan.autoencoder
  return {
    sampleName,
    outputChannels: coding === 'encoder' ? stateChannels : pictureChannels,
    onlyBatch: batch,
    activationBytes: null,
    async open() {
      const change = coding === 'encoder' ? withStates : fromStates
      const session = await openExported(file, (bytes) => change(bytes, exported), { info, openGraph })
      return batch === null ? session : filledUp(session, [sampleName], batch)
    },
    conditionOn: () => ({}),
  }
}

const sampleName = `${added}sample`

/** Rewrites the encoder so that states are its only output: the mean, shifted and scaled. */
function withStates(bytes: Uint8Array, { output, input, inputType, plan }: ExportedCoding): Uint8Array {
  const { stateChannels: channels, scale } = plan.autoencoder
  const name = (what: string) => `${added}${what}`
  const first = BigInt64Array.from({ length: channels }, (_, i) => BigInt(i))
  return withOtherEdges(bytes, (graph) => {
    graph.node.unshift(nodeOf('Cast', [sampleName], input, { to: inputType }))
    graph.input = [...withoutPort(graph, input), floatPort(sampleName, 4)]
    graph.node.push(
      constantNode(name('mean channels'), first, [channels]),
      nodeOf('Gather', [output, name('mean channels')], name('mean'), { axis: 1 }),
      nodeOf('Cast', [name('mean')], name('code'), { to: DataType.FLOAT }),
      constantNode(name('shift'), Float32Array.from(scale.shift), [channels, 1, 1]),
      nodeOf('Sub', [name('code'), name('shift')], name('centred')),
      constantNode(name('factor'), Float32Array.from(scale.factor), [channels, 1, 1]),
      nodeOf('Mul', [name('centred'), name('factor')], name('state')),
    )
    graph.output = [floatPort(name('state'), null)]
  })
}

/** Rewrites the decoder so that states are its only input: scaling and shifting turn them into codes. */
function fromStates(bytes: Uint8Array, { input, inputType, output, plan }: ExportedCoding): Uint8Array {
  const { stateChannels: channels, scale } = plan.autoencoder
  const name = (what: string) => `${added}${what}`
  return withOtherEdges(bytes, (graph) => {
    graph.node.unshift(
      constantNode(
        name('factor'),
        Float32Array.from(scale.factor, (factor) => 1 / factor),
        [channels, 1, 1],
      ),
      nodeOf('Mul', [sampleName, name('factor')], name('centred')),
      constantNode(name('shift'), Float32Array.from(scale.shift), [channels, 1, 1]),
      nodeOf('Add', [name('centred'), name('shift')], name('code')),
      nodeOf('Cast', [name('code')], input, { to: inputType }),
    )
    graph.input = [...withoutPort(graph, input), floatPort(sampleName, 4)]
    graph.node.push(nodeOf('Cast', [output], name('picture'), { to: DataType.FLOAT }))
    graph.output = [floatPort(name('picture'), null)]
  })
}

/** Returns all inputs but one. Old files also list their constants as inputs; those stay. */
function withoutPort({ input }: GraphProto, name: string): GraphProto['input'] {
  return input.filter((port) => port.name !== name)
}

/** Finds the output that holds codes: their distribution if there is one, but never a sample from it. */
function stateOutput(outputs: readonly Port[], autoencoder: Autoencoder, file: string): Port {
  const moments = outputs.find(({ name }) => name === momentsName)
  const output = moments ?? outputs[0]
  const [, channels] = output.sides
  const { stateChannels, className } = autoencoder
  const isDistribution = className === 'AutoencoderKL'
  if (isDistribution && output.name === drawName && channels !== 2 * stateChannels) throw drawn(file)
  if (typeof channels !== 'number' || channels === stateChannels || channels === 2 * stateChannels) {
    return output
  }
  throw refusal(file, `answers ${channels} channels, and its config.json tells of ${stateChannels}`)
}

function requireNothingRandom({ node }: GraphProto, file: string): void {
  if (node.some(({ opType }) => randomNodes.includes(opType))) throw drawn(file)
}

function drawn(file: string): StudioError {
  return new StudioError(
    'UNSUPPORTED',
    `${file} draws its answer at random ("${drawName}"), so that a picture would never have the same state twice: export the encoder with its distribution ("${momentsName}"), as optimum does today.`,
  )
}

type Sizes = readonly [channels: number, height: number, width: number]

function sizesOf(what: 'pictures' | 'states', { autoencoder, stateSize }: AutoencoderPlan): Sizes {
  const { height, width } = stateSize
  if (what === 'states') return [autoencoder.stateChannels, height, width]
  return [autoencoder.pictureChannels, height * autoencoder.factor, width * autoencoder.factor]
}

/** Checks dimensions against the configuration. Those that the graph leaves open may have any size. */
function requireSizes({ name, sides }: Port, sizes: Sizes, file: string): void {
  const own = sides.slice(1)
  const fits = own.every((side, axis) => typeof side !== 'number' || side === sizes[axis])
  if (sides.length === 4 && fits) return
  throw refusal(file, `has "${name}" of sides ${sides.join(' × ')}, and not of N × ${sizes.join(' × ')}`)
}

function namesOf(ports: readonly Port[]): string {
  return ports.map(({ name }) => name).join(', ') || 'nothing'
}

function refusal(file: string, what: string): StudioError {
  return new StudioError(
    'UNSUPPORTED',
    `${file} ${what}: choose a folder whose parts were exported together.`,
  )
}
