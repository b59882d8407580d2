import type { InferenceSession as Ort } from 'onnxruntime-node'
import { devices, type Provider } from '#shared/devices'
import { halfToNumber, toHalf } from '#core/numbers/half'

/** An input of a graph: numbers with their shape, converted to the type that the graph takes. */
export interface OnnxInput {
  readonly data: ArrayLike<number>
  readonly shape: readonly number[]
}

/** The same as float32, to which every output is converted. */
export interface OnnxTensor extends OnnxInput {
  readonly data: Float32Array
}

/** How a graph is run. */
export interface OnnxSessionOptions {
  /** Must run the whole graph: one that it supports only in part is refused. The CPU by default. */
  readonly provider?: Provider
  /** Threads of one evaluation; 0 leaves the choice to the runtime. */
  readonly threads?: number
  /** The folder of the files that hold external constants. */
  readonly externalFolder?: string
  /** Where to write the graph after the runtime has optimised it. */
  readonly optimizedModelPath?: string
}

/** A network ready to run. */
export interface OnnxSession {
  readonly inputNames: readonly string[]
  /** Shapes of the inputs; an open dimension is not a number. */
  readonly inputShapes?: Readonly<Record<string, readonly (number | string)[]>>
  /**
   * Evaluates the network's only output.
   *
   * @param out  written and returned if given
   * @throws Error of the runtime; RangeError if the output has another shape than `out`
   */
  run(inputs: Readonly<Record<string, OnnxInput>>, out?: OnnxTensor): Promise<OnnxTensor>
  close(): Promise<void>
}

/**
 * Loads the runtime with Microsoft's telemetry switched off: it is compiled in, on by default, and reads this
 * variable once. Engines are started with the variable set; this covers every other process that runs a
 * network, such as tests and benches.
 */
function loadRuntime() {
  process.env.ORT_DISABLE_TELEMETRY = '1'
  return import('onnxruntime-node')
}

/** Errors only: warnings of the runtime go to stderr, where progress is shown. */
const logSeverityLevel = 3

/**
 * Creates a session for a graph. On the CPU, equal input, provider and threads give equal bytes, in this
 * process and any other; a graphics card guarantees less.
 *
 * @throws Error of the runtime if it refuses the graph
 */
export async function createOnnxSession(
  graph: Uint8Array,
  { provider = 'cpu', threads = 0, externalFolder, optimizedModelPath }: OnnxSessionOptions = {},
): Promise<OnnxSession> {
  // The native library takes a while to load, and describing a model does not need it.
  const { InferenceSession, Tensor } = await loadRuntime()
  const session = await InferenceSession.create(graph, {
    // Exactly one: of several, the runtime silently drops those that fail and falls back to the CPU.
    executionProviders: [devices[provider].runtimeName],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    logSeverityLevel,
    // The memory pattern is allocated in addition to the memory of the first run, which is not freed: that
    // takes twice the memory for 1 % of the time.
    enableMemPattern: false,
    ...(optimizedModelPath === undefined ? {} : { optimizedModelFilePath: optimizedModelPath }),
    extra: { session: sessionEntries(provider, externalFolder) },
  })
  const [outputName] = session.outputNames
  const types = new Map(
    [...session.inputMetadata, ...session.outputMetadata].map((about) => [about.name, typeOf(about)]),
  )
  const toNative = (name: string, { data, shape }: OnnxInput) => {
    const type = types.get(name) ?? 'float32'
    return new Tensor(type, casts[type](data), shape)
  }
  return {
    inputNames: session.inputNames,
    inputShapes: Object.fromEntries(
      session.inputMetadata.map((about) => [about.name, about.isTensor ? about.shape : []]),
    ),
    async run(inputs, out) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [name, toNative(name, value)]),
      )
      const answersInPlace = out !== undefined && types.get(outputName) === 'float32'
      const fetches = { [outputName]: answersInPlace ? toNative(outputName, out) : null }
      const { [outputName]: output } = await session.run(feeds, fetches as Ort.OnnxValueMapType)
      if (answersInPlace) return out
      const answer = { data: toFloat32(output.data), shape: output.dims }
      return out ? copyAnswer(answer, out) : answer
    },
    close: () => session.release(),
  }
}

/**
 * Copies a network's output.
 *
 * @returns `out`
 * @throws RangeError if the shapes differ
 */
export function copyAnswer(answer: OnnxTensor, out: OnnxTensor): OnnxTensor {
  const [given, wanted] = [answer, out].map(({ shape }) => `[${shape.join(', ')}]`)
  if (given !== wanted) throw new RangeError(`it answers ${given} where ${wanted} is expected`)
  out.data.set(answer.data)
  return out
}

/** Conversions to each type that a graph may take. */
const casts = {
  float32: (data: ArrayLike<number>) => (data instanceof Float32Array ? data : Float32Array.from(data)),
  float16: toHalf,
  float64: (data: ArrayLike<number>) => Float64Array.from(data),
  int32: (data: ArrayLike<number>) => Int32Array.from(data),
  int64: (data: ArrayLike<number>) => BigInt64Array.from(Array.from(data, BigInt)),
} as const

/** @throws Error for a type that no network takes or outputs */
function typeOf({ name, ...about }: Ort.ValueMetadata): keyof typeof casts {
  const type = about.isTensor ? about.type : 'no tensor'
  if (!Object.hasOwn(casts, type)) throw new Error(`"${name}" is of type ${type}, which networks do not use`)
  return type as keyof typeof casts
}

/** @param data  float16 comes as raw bits or, in newer versions of JavaScript, as numbers */
function toFloat32(data: Ort.OnnxValueMapType[string]['data']): Float32Array {
  if (data instanceof Float32Array) return data
  if (data instanceof Uint16Array) return Float32Array.from(data, halfToNumber)
  return Float32Array.from(data as ArrayLike<number>)
}

/** Returns entries of the runtime's own configuration, whose values are all strings. */
function sessionEntries(provider: Provider, externalFolder?: string): Record<string, string> {
  return {
    ...(provider !== 'cpu' && { disable_cpu_ep_fallback: '1' }),
    ...(externalFolder !== undefined && { model_external_initializers_file_folder_path: externalFolder }),
  }
}

/** Returns name and version of the runtime, for reports. */
export async function runtimeName(): Promise<string> {
  const { env } = await loadRuntime()
  return `onnxruntime-node ${env.versions.node}`
}
