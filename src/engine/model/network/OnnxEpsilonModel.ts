import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { StudioError } from '#shared/errors'
import type { ComputeInfo, ModelInfo } from '#shared/reports'
import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'
import { toEpsilon } from '#core/diffusion/prediction'
import { createTensor, itemsOf, type Tensor } from '#core/diffusion/tensor'
import { usualBatch } from './automaticBatch'
import { settledCompute } from './computeRecord'
import { deviceFailure } from './deviceFailure'
import type { Model } from '../model'
import type { OnnxInput, OnnxSession } from './onnx'

/** Batch sizes kept ready: one for encoding, one for decoding and one for the last, smaller batch of an export. */
const sessionsKept = 3

/** The network behind a model: how it is opened, and what it is shown besides the state. */
export interface OnnxNetwork {
  /** What its graph calls the state x_t. */
  readonly sampleName: string
  /** The only batch size it takes; null for any. */
  readonly onlyBatch: number | null
  /** The most memory that the activations of one picture hold at once; null where nobody can tell. */
  readonly activationBytes: number | null
  open(batch: number): Promise<OnnxSession>
  conditionOn(timestep: number, batch: number): Readonly<Record<string, OnnxInput>>
}

/** A network run by onnxruntime, with one session a batch size: graphs of constant shapes are the fast ones. */
export class OnnxEpsilonModel implements Model {
  readonly shape: readonly [number, number, number]
  readonly key: string
  private readonly sessions: LRUCache<number, Promise<OnnxSession>>
  /** The evaluation under way; the next one waits, for no session may close while it runs. */
  private turn: Promise<unknown> = Promise.resolve()

  constructor(
    readonly info: ModelInfo,
    readonly schedule: NoiseSchedule,
    readonly compute: ComputeInfo,
    readonly batch: number,
    private readonly network: OnnxNetwork,
  ) {
    this.shape = [info.channels, info.height, info.width]
    this.key = JSON.stringify([info.sha256, info.scheduleHash, settledCompute(compute)])
    this.sessions = new LRUCache({
      max: sessionsKept,
      // A session that failed to open has nothing to give back.
      dispose: (session) => void session.then((opened) => opened.close()).catch(() => undefined),
    })
  }

  predict(x: Tensor, timestep: number, out: Tensor = createTensor(x.shape)): Promise<Tensor> {
    return this.inTurn(async () => {
      this.checkInput(x, timestep)
      const [batch] = x.shape
      const size = this.sliceOf(batch)
      for (let from = 0; from < batch; from += size) {
        // The runtime blocks this process: between slices it gets to say that it is alive.
        if (from > 0) await setImmediate()
        const to = Math.min(from + size, batch)
        await this.evaluate(itemsOf(x, from, to), timestep, itemsOf(out, from, to))
      }
      const { levels, predictionType } = this.schedule
      return toEpsilon(out, x, levels[timestep], predictionType, out)
    })
  }

  close(): Promise<void> {
    return this.inTurn(async () => this.sessions.clear())
  }

  /** How many pictures of a batch are evaluated at once. A CPU gains nothing from more than the usual. */
  private sliceOf(batch: number): number {
    const { parts, provider } = this.compute
    const size = this.network.onlyBatch ?? Math.ceil(batch / parts)
    return provider === 'cpu' ? Math.min(size, usualBatch) : size
  }

  private async evaluate(sample: Tensor, timestep: number, out: Tensor): Promise<void> {
    const { provider } = this.compute
    try {
      const [batch] = sample.shape
      const session = await this.sessionFor(batch)
      const condition = this.network.conditionOn(timestep, batch)
      await session.run({ [this.network.sampleName]: sample, ...condition }, out)
    } catch (error) {
      throw provider === 'cpu' ? error : deviceFailure(provider, error)
    }
    if (!isFinite(out.data)) throw this.notFinite(sample, timestep)
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.turn.then(task)
    this.turn = result.catch(() => undefined)
    return result
  }

  private sessionFor(batch: number): Promise<OnnxSession> {
    const known = this.sessions.get(batch)
    if (known) return known
    const session = this.network.open(batch)
    this.sessions.set(batch, session)
    session.catch(() => this.sessions.delete(batch))
    return session
  }

  private checkInput(x: Tensor, timestep: number): void {
    if (x.shape.slice(1).join() !== this.shape.join()) {
      throw new RangeError(
        `${this.info.id} takes batches of [${this.shape.join(', ')}], not [${x.shape.slice(1).join(', ')}].`,
      )
    }
    const last = this.schedule.numTrainTimesteps - 1
    if (!Number.isInteger(timestep) || timestep < 0 || timestep > last) {
      throw new RangeError(`Timestep ${timestep} is not a whole number from 0 to ${last}.`)
    }
  }

  private notFinite(x: Tensor, timestep: number): StudioError {
    const { provider } = this.compute
    if (provider !== 'cpu' && isFinite(x.data)) {
      return deviceFailure(provider, new Error(`NaN or infinity at timestep ${timestep}`))
    }
    const cause = isFinite(x.data)
      ? `its weights are probably damaged. Download ${this.info.path} again`
      : 'the state it was given held NaN or infinity. Take more steps, or another solver'
    return new StudioError(
      'NOT_FINITE',
      `${this.info.id} answered NaN or infinity at timestep ${timestep}: ${cause}.`,
    )
  }
}

/** True when no value is NaN or infinite: the difference of such a value and itself is not 0. */
function isFinite(values: Float32Array): boolean {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] - values[i]
  return sum === 0
}
