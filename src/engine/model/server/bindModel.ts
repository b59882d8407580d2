import { StudioError } from '#shared/errors'
import type { Precision } from '#shared/devices'
import { FractionalTimestepError } from '../network/FractionalTimestepError'
import type { NetworkInputs } from '../network/Network'
import { bytesPerElement, isElementType, isWholeType, type ElementType, type SentTensor } from './protocol'
import type { ServedModel, TensorInfo } from './ServerClient'

/** The names and types of a network's inputs and output on a server. */
export interface BoundModel {
  /** Null if only its answers show it. */
  readonly version: string | null
  readonly runtime: string
  readonly output: string
  /** The precision of what is sent and received. */
  readonly precision: Precision
  /** The most items per request that the server's shapes allow; null for no limit. */
  readonly mostItems: number | null
  /** Returns the bytes of one item in a request. */
  bytesPerItem(inputs: NetworkInputs): number
  /**
   * Returns the tensors of a request.
   *
   * @throws FractionalTimestepError if the server takes integers and the timestep is none
   */
  tensors(inputs: NetworkInputs): SentTensor[]
}

/** The inputs of the network that is opened here. A server's model must take the same ones. */
export interface ShownInputs {
  /** [C, H, W] */
  readonly stateShape: readonly number[]
  /** The number of classes; null for a network without classes. */
  readonly classes: number | null
}

type Typed = TensorInfo & { readonly datatype: ElementType }

/**
 * Matches a network's inputs to those of a server's model, by name and shape.
 *
 * @param outputChannels  of the network
 * @param where  names the server, for messages
 * @throws StudioError MODEL_MISMATCH if they do not fit; UNSUPPORTED for a model that takes class numbers
 */
export function bindModel(
  served: ServedModel,
  shown: ShownInputs & { readonly outputChannels: number; readonly where: string },
): BoundModel {
  const { stateShape, outputChannels, where } = shown
  const misfit = (what: string) =>
    new StudioError(
      'MODEL_MISMATCH',
      `${where} ${what}: serve the model that is opened here, as slerp-studio export-onnx writes it.`,
    )
  const typed = (info: TensorInfo): Typed => {
    if (isElementType(info.datatype)) return info as Typed
    throw misfit(`has "${info.name}" of type ${info.datatype}`)
  }
  const inputs = served.inputs.map(typed)
  const sample = inputs.find(({ shape }) => fits(shape, stateShape))
  if (!sample) throw misfit(`has no input of shape [${stateShape.join(', ')}]`)
  const timestep = inputs.find(({ name }) => /^t$|time/i.test(name))
  if (!timestep) throw misfit('takes no timestep')
  const others = inputs.filter((input) => input !== sample && input !== timestep)
  const weights = shown.classes === null ? null : classWeights(others, shown.classes, where)
  if (shown.classes !== null && weights === null) throw misfit(`takes no weights of ${shown.classes} classes`)
  const foreign = others.find((input) => input !== weights)
  if (foreign) throw misfit(`wants "${foreign.name}", which this model does not have`)
  const wanted = [outputChannels, ...stateShape.slice(1)]
  const output = served.outputs.map(typed).find(({ shape }) => fits(shape, wanted))
  if (!output) throw misfit(`has no output of shape [${wanted.join(', ')}]`)
  const [only] = sample.shape.length === 4 ? sample.shape : [-1]
  return {
    version: served.version,
    runtime: served.runtime,
    output: output.name,
    precision: sample.datatype === 'FP16' || output.datatype === 'FP16' ? 'fp16' : 'fp32',
    mostItems: only > 0 ? only : null,
    bytesPerItem: ({ sample: { data, shape } }) =>
      (data.length / shape[0]) * bytesPerElement(sample.datatype) + 1024,
    tensors: (values) => [
      { ...named(sample), ...values.sample },
      timestepTensor(timestep, values),
      ...(weights === null ? [] : [{ ...named(weights), ...values.condition.classes }]),
    ],
  }
}

/** Returns whether a server's shape, [N, …] or […], takes items of a shape; -1 matches any size. */
function fits(shape: readonly number[], item: readonly number[]): boolean {
  const sides = shape.length === item.length + 1 ? shape.slice(1) : shape
  return sides.length === item.length && sides.every((side, i) => side === item[i] || !(side >= 0))
}

function timestepTensor({ name, datatype, shape }: Typed, { sample, timestep }: NetworkInputs): SentTensor {
  if (isWholeType(datatype) && !Number.isInteger(timestep)) {
    throw new FractionalTimestepError('The server', timestep)
  }
  const [items] = sample.shape
  const count = shape.length === 0 || shape[0] === 1 ? 1 : items
  const sides = shape.length === 0 ? [] : [count, ...Array<number>(Math.max(0, shape.length - 1)).fill(1)]
  return { name, type: datatype, data: Array<number>(count).fill(timestep), shape: sides }
}

function named({ name, datatype }: Typed): Pick<SentTensor, 'name' | 'type'> {
  return { name, type: datatype }
}

/**
 * Finds the input that takes the weights of all classes; null if there is none.
 *
 * @throws StudioError UNSUPPORTED for one that takes class numbers, which cannot be mixed
 */
function classWeights(inputs: readonly Typed[], classes: number, where: string): Typed | null {
  const found = inputs.find(({ datatype, shape }) => !isWholeType(datatype) && fits(shape, [classes]))
  if (found) return found
  const numbers = inputs.find(({ datatype }) => isWholeType(datatype))
  if (!numbers) return null
  throw new StudioError(
    'UNSUPPORTED',
    `${where} takes the number of a class ("${numbers.name}"), which servers are not sent yet: serve the graph that slerp-studio export-onnx writes of the model's diffusers folder.`,
  )
}
