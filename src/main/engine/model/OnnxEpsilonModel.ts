import { LRUCache } from 'lru-cache'
import { StudioError } from '#shared/errors'
import type { ComputeInfo, ModelInfo } from '#shared/reports'
import type { NoiseSchedule } from '../core/noiseSchedule'
import { toEpsilon } from '../core/prediction'
import type { Tensor } from '../core/tensor'
import type { OnnxSession } from './onnx'
import type { Model } from './model'

/** Batch sizes kept ready: one for encoding, one for decoding and one for the last, smaller batch of an export. */
const sessionsKept = 3

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
    private readonly openSession: (batch: number) => Promise<OnnxSession>,
  ) {
    this.shape = [info.channels, info.height, info.width]
    this.key = JSON.stringify([info.sha256, info.scheduleHash, compute])
    this.sessions = new LRUCache({
      max: sessionsKept,
      // A session that failed to open has nothing to give back.
      dispose: (session) => void session.then((opened) => opened.close()).catch(() => undefined),
    })
  }

  predict(x: Tensor, timestep: number, out?: Tensor): Promise<Tensor> {
    return this.inTurn(async () => {
      this.checkInput(x, timestep)
      const session = await this.sessionFor(x.shape[0])
      const timesteps = { data: Float32Array.of(timestep), shape: [1, 1] }
      const output = await session.run({ sample: x, timestep: timesteps }, out)
      if (!isFinite(output.data)) throw this.notFinite(x, timestep)
      const { alphasCumprod, predictionType } = this.schedule
      return toEpsilon(output, x, alphasCumprod[timestep], predictionType, output)
    })
  }

  close(): Promise<void> {
    return this.inTurn(async () => this.sessions.clear())
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.turn.then(task)
    this.turn = result.catch(() => undefined)
    return result
  }

  private sessionFor(batch: number): Promise<OnnxSession> {
    const known = this.sessions.get(batch)
    if (known) return known
    const session = this.openSession(batch)
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
