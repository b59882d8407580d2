import { LRUCache } from 'lru-cache'
import type { StudioError } from '#shared/errors'
import type { ComputeInfo } from '#shared/reports'
import { createTensor, itemOf, type Tensor } from '#core/diffusion/tensor'
import { cpuBatch } from './automaticBatch'
import { conditionOfItems, type Condition } from './condition'
import { deviceFailure } from './deviceFailure'
import { modelFailure } from './modelFailure'
import type { Network, NetworkInputs } from './Network'
import type { OnnxInput, OnnxSession } from './onnx'

/** Batch sizes kept ready: one for encoding, one for decoding and one for the remainder of a study. */
const sessionsKept = 3

/** The graphs of a network, and their inputs besides the state. */
export interface GraphSource {
  /** The graph's name for the state x_t. */
  readonly sampleName: string
  readonly outputChannels: number
  /** The only batch size it takes; null for any. */
  readonly onlyBatch: number | null
  /** The peak bytes of activations for one picture; null if unknown. */
  readonly activationBytes: number | null
  open(batch: number): Promise<OnnxSession>
  conditionOn(timestep: number, batch: number, condition: Condition): Readonly<Record<string, OnnxInput>>
}

/**
 * A network run by onnxruntime, with one session per batch size, because graphs of constant shapes are
 * fastest. Evaluations must not overlap: a session may not be closed while it runs.
 */
export class OnnxNetwork implements Network {
  readonly outputChannels: number
  private readonly sessions: LRUCache<number, Promise<OnnxSession>>
  /** Whether a group on the CPU has the bits of its items alone; null until one was evaluated both ways. */
  #groupsAgree: boolean | null = null

  /** @param path  of the model, for messages */
  constructor(
    private readonly graphs: GraphSource,
    private readonly compute: ComputeInfo,
    private readonly path: string,
  ) {
    this.outputChannels = graphs.outputChannels
    this.sessions = new LRUCache({
      max: sessionsKept,
      // A session that failed to open has nothing to release.
      dispose: (session) => void session.then((opened) => opened.close()).catch(() => undefined),
    })
  }

  /** Returns 1 on the CPU: its results do not depend on the batch. */
  sliceOf(batch: number): number {
    const { parts, provider } = this.compute
    if (this.graphs.onlyBatch !== null) return this.graphs.onlyBatch
    return provider === 'cpu' ? 1 : Math.ceil(batch / parts)
  }

  groupOf(batch: number): number {
    const group = cpuBatch(this.graphs.activationBytes)
    return this.mayGroup && batch >= group && this.#groupsAgree !== false ? group : this.sliceOf(batch)
  }

  async evaluate(inputs: NetworkInputs, out: Tensor): Promise<void> {
    const isGroup = this.mayGroup && inputs.sample.shape[0] > 1
    if (!isGroup || this.#groupsAgree) return this.run(inputs, out)
    // The runtime chooses how to compute by the shapes alone, so one comparison settles it for all values.
    await this.runEach(inputs, out)
    if (this.#groupsAgree === false) return
    const together = createTensor(out.shape)
    await this.run(inputs, together)
    this.#groupsAgree = hasSameBits(together.data, out.data)
  }

  /**
   * Whether several items can be evaluated together as a group. This is possible only on the CPU: elsewhere they are
   * a slice.
   */
  private get mayGroup(): boolean {
    return this.compute.provider === 'cpu' && this.graphs.onlyBatch === null
  }

  /** Runs each item of a group on its own. */
  private async runEach({ sample, timestep, condition }: NetworkInputs, out: Tensor): Promise<void> {
    for (let i = 0; i < sample.shape[0]; i++) {
      const one = { sample: itemOf(sample, i), timestep, condition: conditionOfItems(condition, i, i + 1) }
      await this.run(one, itemOf(out, i))
    }
  }

  private async run({ sample, timestep, condition }: NetworkInputs, out: Tensor): Promise<void> {
    const { sampleName } = this.graphs
    const [batch] = sample.shape
    // Outside of the attempt: what the graph does not take is no failure of the device.
    const inputs = this.graphs.conditionOn(timestep, batch, condition)
    try {
      const session = await this.sessionFor(batch)
      await session.run({ [sampleName]: sample, ...inputs }, out)
    } catch (error) {
      const { provider } = this.compute
      throw provider === 'cpu' ? modelFailure(this.path, error) : deviceFailure(provider, error)
    }
  }

  deviceFailure(what: string): StudioError | null {
    const { provider } = this.compute
    return provider === 'cpu' ? null : deviceFailure(provider, new Error(what))
  }

  async close(): Promise<void> {
    this.sessions.clear()
  }

  private sessionFor(batch: number): Promise<OnnxSession> {
    const known = this.sessions.get(batch)
    if (known) return known
    const session = this.graphs.open(batch)
    this.sessions.set(batch, session)
    session.catch(() => this.sessions.delete(batch))
    return session
  }
}

/** Whether two results are equal to the bit; unlike ===, this tells 0 from -0 and finds NaN equal to itself. */
function hasSameBits(a: Float32Array, b: Float32Array): boolean {
  const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    Buffer.from(buffer, byteOffset, byteLength)
  return bytesOf(a).equals(bytesOf(b))
}
