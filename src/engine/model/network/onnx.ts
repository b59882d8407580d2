import type { InferenceSession as Ort } from 'onnxruntime-node'
import { devices, type Provider } from '#shared/devices'
import { halfToNumber, toHalf } from '#core/diffusion/half'

/** What a graph is given: numbers with their shape, turned into the type that the graph takes. */
export interface OnnxInput {
  readonly data: ArrayLike<number>
  readonly shape: readonly number[]
}

/** The same as float32, into which every answer is turned. */
export interface OnnxTensor extends OnnxInput {
  readonly data: Float32Array
}

/** How a graph is run. */
export interface OnnxSessionOptions {
  /** What it runs on, all of it: a graph that this provider knows only in part is refused. The CPU when left out. */
  readonly provider?: Provider
  /** Threads of one evaluation; 0 leaves the choice to the runtime. */
  readonly threads?: number
  /** Folder of the files that hold external constants. */
  readonly externalFolder?: string
  /** Where to write the graph as the runtime has optimized it. */
  readonly optimizedModelPath?: string
}

/** A network ready to run. */
export interface OnnxSession {
  readonly inputNames: readonly string[]
  /** Shapes of the inputs; a side that may be anything is no number. */
  readonly inputShapes?: Readonly<Record<string, readonly (number | string)[]>>
  /**
   * Evaluates the network's one output.
   *
   * @param out  written and returned when given; its shape must be that of the output
   */
  run(inputs: Readonly<Record<string, OnnxInput>>, out?: OnnxTensor): Promise<OnnxTensor>
  close(): Promise<void>
}

/**
 * Loads the runtime with Microsoft's telemetry switched off, which is compiled in, on by default, and reads this variable
 * once. Engines are started with it; here it is for every other process that runs a network, such as tests and benches.
 */
function loadRuntime() {
  process.env.ORT_DISABLE_TELEMETRY = '1'
  return import('onnxruntime-node')
}

/** Only errors: warnings of the runtime go to stderr, where progress is shown. */
const logSeverityLevel = 3

/**
 * Makes a session for a graph. Equal input, provider and threads give equal bytes on the CPU, in this process and in any
 * other; a graphics card promises less.
 *
 * @throws Error of the runtime when it refuses the graph
 */
export async function createOnnxSession(
  graph: Uint8Array,
  { provider = 'cpu', threads = 0, externalFolder, optimizedModelPath }: OnnxSessionOptions = {},
): Promise<OnnxSession> {
  // The native library takes a while to load, and reading what a model says about itself does without it.
  const { InferenceSession, Tensor } = await loadRuntime()
  const session = await InferenceSession.create(graph, {
    // One alone: of several, the runtime drops those that fail without a word, and the CPU takes their place.
    executionProviders: [devices[provider].runtimeName],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    logSeverityLevel,
    // Its plan of the memory is laid out beside the memory that the first run has taken, which stays: twice as much, for 1 % of the time.
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
      out?.data.set(answer.data)
      return out ?? answer
    },
    close: () => session.release(),
  }
}

/** How numbers become each type that a graph may take. */
const casts = {
  float32: (data: ArrayLike<number>) => (data instanceof Float32Array ? data : Float32Array.from(data)),
  float16: toHalf,
  float64: (data: ArrayLike<number>) => Float64Array.from(data),
  int32: (data: ArrayLike<number>) => Int32Array.from(data),
  int64: (data: ArrayLike<number>) => BigInt64Array.from(Array.from(data, BigInt)),
} as const

/** @throws Error for a type that no network takes or answers with */
function typeOf({ name, ...about }: Ort.ValueMetadata): keyof typeof casts {
  const type = about.isTensor ? about.type : 'no tensor'
  if (!Object.hasOwn(casts, type)) throw new Error(`"${name}" is of type ${type}, which networks do not use`)
  return type as keyof typeof casts
}

/** @param data  float16 comes as its bits, or in newer versions of JavaScript as numbers */
function toFloat32(data: Ort.OnnxValueMapType[string]['data']): Float32Array {
  if (data instanceof Float32Array) return data
  if (data instanceof Uint16Array) return Float32Array.from(data, halfToNumber)
  return Float32Array.from(data as ArrayLike<number>)
}

/** Entries of the runtime's own configuration, which has only texts. */
function sessionEntries(provider: Provider, externalFolder?: string): Record<string, string> {
  return {
    ...(provider !== 'cpu' && { disable_cpu_ep_fallback: '1' }),
    ...(externalFolder !== undefined && { model_external_initializers_file_folder_path: externalFolder }),
  }
}

/** Name and version of the runtime, for reports. */
export async function runtimeName(): Promise<string> {
  const { env } = await loadRuntime()
  return `onnxruntime-node ${env.versions.node}`
}
