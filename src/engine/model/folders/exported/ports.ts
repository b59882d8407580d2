import { type GraphProto, TensorProto_DataType as DataType, type ValueInfoProto } from '../../graph/onnx_pb'

/** One dimension of an input or output: its size, or its symbolic name if it is open. */
export type Side = number | string

/** An input or output of a graph. */
export interface Port {
  readonly name: string
  readonly dataType: DataType
  readonly sides: readonly Side[]
}

/** Element types of states, pictures and embeddings. */
export const stateTypes = [DataType.FLOAT, DataType.FLOAT16] as const
export type FloatType = (typeof stateTypes)[number]

/** Element types of tokens. */
export const wholeTypes: readonly DataType[] = [DataType.INT32, DataType.INT64]

/** Lists the inputs of a graph, without the constants that old files also list there. */
export function inputsOf({ input, initializer }: GraphProto): Port[] {
  const constants = new Set(initializer.map(({ name }) => name))
  return input.filter(({ name }) => !constants.has(name)).map(portOf)
}

/** Lists the outputs of a graph. */
export function outputsOf({ output }: GraphProto): Port[] {
  return output.map(portOf)
}

/** Returns the type of a float32 or float16 port; undefined for any other. */
export function floatTypeOf({ dataType }: Port): FloatType | undefined {
  return stateTypes.find((type) => type === dataType)
}

function portOf({ name, type }: ValueInfoProto): Port {
  if (type?.value.case !== 'tensorType') return { name, dataType: DataType.UNDEFINED, sides: [] }
  const { elemType, shape } = type.value.value
  const sides = (shape?.dim ?? []).map(({ value }): Side => {
    // Some exporters write an open dimension as -1 or 0.
    if (value.case === 'dimValue') return value.value > 0n ? Number(value.value) : ''
    return value.value ?? ''
  })
  return { name, dataType: elemType, sides }
}
