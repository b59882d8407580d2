import type { Tensor } from '#core/diffusion/tensor'
import { StudioError } from '#shared/errors'
import type { ComputeInfo } from '#shared/reports'
import { untilAborted } from '../../memo/untilAborted'
import type { Network, NetworkInputs, Watch } from '../network/Network'
import type { SeenCompute } from './SeenServers'

/**
 * Thrown if a server turns out to compute with another device or runtime than its model was opened with: the request
 * has to open it again.
 */
export class ServerChangedError extends StudioError {}

/** The options of a {@link LazyRemoteNetwork}. */
export interface LazyRemoteNetworkOptions {
  /** Address of the server, for messages. */
  readonly url: string
  /** The device and runtime that the server is presumed to compute with. */
  readonly presumed: SeenCompute
  /** The same network on this machine's CPU. */
  readonly reference: Network
  /** Opens the network on the server, and waits for it for a while. */
  readonly open: () => Promise<{ network: Network; compute: ComputeInfo }>
  /** Called when the server computes with another device or runtime: the model has to be opened again. */
  readonly onReplaced: () => void
}

/**
 * A network on a server that was not available when its model was opened. Results can be looked up without it; the
 * first evaluation asks the server again, and fails as opening did if it still gives no usable answer.
 */
export class LazyRemoteNetwork implements Network {
  readonly outputChannels: number
  #network: Network | null = null
  #opening: Promise<Network> | null = null

  constructor(private readonly options: LazyRemoteNetworkOptions) {
    this.outputChannels = options.reference.outputChannels
  }

  sliceOf(batch: number): number {
    return batch
  }

  groupOf(batch: number): number {
    return batch
  }

  /**
   * Opens the network on the server, unless it is open.
   *
   * @throws ServerChangedError; StudioError as `openRemote`; the signal's reason once it is aborted
   */
  async connect(signal?: AbortSignal): Promise<Network> {
    if (this.#network) return this.#network
    this.#opening ??= this.#open().finally(() => (this.#opening = null))
    return untilAborted(this.#opening, signal)
  }

  async evaluate(inputs: NetworkInputs, out: Tensor, watch: Watch = {}): Promise<void> {
    const { signal, pause = (wait) => wait } = watch
    if (!this.#network) await pause(this.connect(signal).then(() => undefined))
    const network = await this.connect(signal)
    await network.evaluate(inputs, out, watch)
  }

  deviceFailure(what: string): StudioError | null {
    return this.#network?.deviceFailure(what) ?? null
  }

  close(): Promise<void> {
    return (this.#network ?? this.options.reference).close()
  }

  async #open(): Promise<Network> {
    const { url, presumed, onReplaced } = this.options
    const { network, compute } = await this.options.open()
    const { precision, device, runtime } = presumed
    if (compute.precision === precision && compute.device === device && compute.runtime === runtime) {
      return (this.#network = network)
    }
    await network.close()
    onReplaced()
    throw new ServerChangedError(
      'SERVER_FAILED',
      `The server ${url} computes with other versions now: try again.`,
    )
  }
}
