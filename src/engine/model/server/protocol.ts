import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { halfToNumber, toHalf } from '#core/numbers/half'
import { sizeOf } from '#core/diffusion/tensor'
import type { OnnxInput } from '../network/onnx'

/**
 * KServe's Open Inference Protocol (v2) over REST with its binary tensor extension, as implemented by NVIDIA
 * Triton, KServe's own server and others: JSON that describes the tensors, followed by their bytes,
 * little-endian and row-major.
 *
 * Source: https://github.com/kserve/open-inference-protocol and Triton's protocol/extension_binary_data.md
 */

/** The header with the length of the JSON, after which the bytes of the tensors begin. */
export const jsonLengthHeader = 'inference-header-content-length'

/** How each element type is written and read. */
const elementTypes = {
  FP32: {
    bytes: 4,
    write: (data: ArrayLike<number>) => Float32Array.from(data),
    read: (bytes: Uint8Array) => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4),
  },
  FP16: {
    bytes: 2,
    write: toHalf,
    read: (bytes: Uint8Array) =>
      Float32Array.from(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2), halfToNumber),
  },
  FP64: {
    bytes: 8,
    write: (data: ArrayLike<number>) => Float64Array.from(data),
    read: (bytes: Uint8Array) =>
      Float32Array.from(new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)),
  },
  INT32: { bytes: 4, write: (data: ArrayLike<number>) => Int32Array.from(data), read: null },
  INT64: {
    bytes: 8,
    write: (data: ArrayLike<number>) => BigInt64Array.from(Array.from(data), BigInt),
    read: null,
  },
} as const

/** Element types that a network takes or outputs. */
export type ElementType = keyof typeof elementTypes

/** Returns whether a server's element type is one of those. */
export function isElementType(name: string): name is ElementType {
  return Object.hasOwn(elementTypes, name)
}

/** Returns whether a type holds integers. */
export function isWholeType(type: ElementType): boolean {
  return type === 'INT32' || type === 'INT64'
}

/** Returns the bytes of one element. */
export function bytesPerElement(type: ElementType): number {
  return elementTypes[type].bytes
}

/** A tensor to be sent to a server. */
export interface SentTensor extends OnnxInput {
  readonly name: string
  readonly type: ElementType
}

/** The contents of a request. */
export interface InferenceBody {
  readonly body: Buffer
  readonly headers: Record<string, string>
}

/** Encodes a request for one output, which the server may return as bytes. */
export function encodeInference(inputs: readonly SentTensor[], output: string): InferenceBody {
  const tensors = inputs.map(({ type, data }) => {
    const written = elementTypes[type].write(data)
    return Buffer.from(written.buffer, written.byteOffset, written.byteLength)
  })
  const json = Buffer.from(
    JSON.stringify({
      // Optional in the protocol, but without it KServe's own server returns status 500.
      id: randomUUID(),
      inputs: inputs.map(({ name, type, shape }, i) => ({
        name,
        datatype: type,
        shape,
        parameters: { binary_data_size: tensors[i].length },
      })),
      outputs: [{ name: output, parameters: { binary_data: true } }],
    }),
  )
  return {
    body: Buffer.concat([json, ...tensors]),
    headers: { 'content-type': 'application/octet-stream', [jsonLengthHeader]: String(json.length) },
  }
}

const inferenceAnswer = z.object({
  model_version: z.union([z.string(), z.number()]).nullish(),
  outputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.string(),
      shape: z.array(z.int().min(0)),
      data: z.array(z.unknown()).nullish(),
      parameters: z.looseObject({ binary_data_size: z.int().min(0).nullish() }).nullish(),
    }),
  ),
})

/** One output of a response. */
export interface Inference {
  readonly data: Float32Array
  readonly shape: readonly number[]
  /** Null if the server does not say. */
  readonly version: string | null
}

/**
 * Decodes a response: JSON followed by bytes or, from servers without the extension, JSON alone with the
 * numbers in it. Content-Type and Content-Length do not matter.
 *
 * @param jsonLength  from the header; null if it is missing
 * @throws RangeError whose message says what is wrong, worded to follow "it"
 */
export function decodeInference(body: Buffer, jsonLength: number | null, output: string): Inference {
  const head = body.subarray(0, jsonLength ?? body.length)
  const parsed = inferenceAnswer.safeParse(parseJson(head))
  if (!parsed.success) throw new RangeError('answers no inference')
  let at = head.length
  for (const { name, datatype, shape, data, parameters } of parsed.data.outputs) {
    const size = parameters?.binary_data_size ?? 0
    const bytes = body.subarray(at, at + size)
    at += size
    if (name !== output) continue
    const values = data ? readNumbers(data) : readElements(bytes, size, datatype)
    if (values.length !== sizeOf(shape)) {
      throw new RangeError(
        `answers ${values.length} values where its shape [${shape.join(', ')}] needs ${sizeOf(shape)}`,
      )
    }
    const { model_version: version } = parsed.data
    return {
      data: values,
      shape,
      version: version === undefined || version === null ? null : String(version),
    }
  }
  throw new RangeError(`does not answer "${output}"`)
}

/** Reads numbers from JSON, which has no NaN or infinity: servers write null in their place. */
function readNumbers(data: readonly unknown[]): Float32Array {
  return Float32Array.from(data.flat(Infinity), (value) => {
    if (typeof value === 'number') return value
    if (value === null) return NaN
    throw new RangeError('answers values that are no numbers')
  })
}

function readElements(bytes: Buffer, size: number, datatype: string): Float32Array {
  if (bytes.length < size) throw new RangeError(`sends ${bytes.length} of ${size} bytes`)
  const read = isElementType(datatype) ? elementTypes[datatype].read : null
  if (!read) throw new RangeError(`answers ${datatype}, and networks answer floating-point numbers`)
  // A typed array must begin at a multiple of its element size, but the bytes after the JSON need not.
  return read(Uint8Array.from(bytes))
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
