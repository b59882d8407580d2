import { StudioError } from '#shared/errors'
import type { FloatDtype } from '../weights/dtypes'
import type { GraphWriter, Value } from './graphWriter'
import { TensorProto_DataType as DataType } from './onnx_pb'
import type { WeightSource } from './Scope'
import type { Weight, Weights } from '../weights/networkWeights'

const dataTypes: Record<FloatDtype, DataType> = {
  F32: DataType.FLOAT,
  F16: DataType.FLOAT16,
  BF16: DataType.BFLOAT16,
  F64: DataType.DOUBLE,
}

/** Turns trained tensors into constants of a graph, each checked against what the network needs. */
export class WeightInitializers implements WeightSource {
  private readonly taken = new Set<string>()

  constructor(
    private readonly graph: GraphWriter,
    private readonly weights: Weights,
  ) {}

  /**
   * The tensor as float32.
   *
   * @param names  every name it may have, newest first
   * @throws StudioError BAD_MODEL when it is missing or of another shape
   */
  take(names: readonly string[], shape: readonly number[]): Value {
    const name = names.find((candidate) => this.weights.tensors.has(candidate))
    if (name === undefined) throw this.missing(names[0])
    const weight = this.weights.tensors.get(name)!
    if (weight.shape.join() !== shape.join()) throw wrongShape(name, weight, shape)
    this.taken.add(name)
    const constant = this.graph.constant(name, shape, dataTypes[weight.dtype], weight.bytes)
    return this.graph.cast(constant, DataType.FLOAT)
  }

  /** @throws StudioError BAD_MODEL when a tensor is left over: the network is not the one that was trained. */
  assertAllTaken(): void {
    for (const [name, { file }] of this.weights.tensors) {
      if (this.taken.has(name)) continue
      throw new StudioError(
        'BAD_MODEL',
        `${file} holds tensor "${name}", for which config.json has no place: the two do not belong together.`,
      )
    }
  }

  private missing(name: string): StudioError {
    const files = this.weights.files.join(', ')
    return new StudioError('BAD_MODEL', `${files} has no tensor "${name}", which config.json asks for.`)
  }
}

function wrongShape(name: string, { file, shape }: Weight, wanted: readonly number[]): StudioError {
  return new StudioError(
    'BAD_MODEL',
    `Tensor "${name}" of ${file} is [${shape.join(', ')}], but config.json asks for [${wanted.join(', ')}].`,
  )
}
