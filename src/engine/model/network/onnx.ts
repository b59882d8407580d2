import type { InferenceSession as Ort } from 'onnxruntime-node'
import type { Provider } from '#shared/devices'
import { runtimeNames } from './providers'

/** What a graph is given: values with their shape. */
export interface OnnxInput {
  readonly data: Float32Array | Int32Array | BigInt64Array
  readonly shape: readonly number[]
}

/** The same of float32 values, which every graph answers with. */
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
    executionProviders: [runtimeNames[provider]],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    logSeverityLevel,
    ...(optimizedModelPath === undefined ? {} : { optimizedModelFilePath: optimizedModelPath }),
    extra: { session: sessionEntries(provider, externalFolder) },
  })
  const [outputName] = session.outputNames
  const toNative = ({ data, shape }: OnnxInput) => {
    if (data instanceof Float32Array) return new Tensor('float32', data, shape)
    return data instanceof Int32Array ? new Tensor('int32', data, shape) : new Tensor('int64', data, shape)
  }
  return {
    inputNames: session.inputNames,
    async run(inputs, out) {
      const feeds = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, toNative(value)]))
      const fetches = { [outputName]: out ? toNative(out) : null }
      const { [outputName]: output } = await session.run(feeds, fetches as Ort.OnnxValueMapType)
      return out ?? { data: output.data as Float32Array, shape: output.dims }
    },
    close: () => session.release(),
  }
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
