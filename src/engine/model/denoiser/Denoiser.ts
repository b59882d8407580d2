import { DomainError } from '#core/DomainError'
import { StudioError } from '#shared/errors'
import { levelAt, type NoiseSchedule } from '#core/diffusion/noiseSchedule'
import { toEpsilon, type PredictEpsilon } from '#core/diffusion/prediction'
import { copyFirstChannels, createTensor, itemsOf, type Tensor } from '#core/diffusion/tensor'
import { type Condition, conditionOfItems, unconditional } from '../network/condition'
import { evaluateSlices, type EvaluationTurn, isFinite } from '../network/evaluateSlices'
import { faultOfStates } from '../network/faultOfStates'
import type { Network, Watch } from '../network/Network'
import { PaceMeter } from '../network/PaceMeter'
import { undisputed, type Pause, type Turns } from '../network/Turns'

/** The parts of a denoiser. */
export interface DenoiserOptions {
  /** Identifies the model in messages. */
  readonly model: { readonly id: string; readonly path: string }
  readonly network: Network
  readonly schedule: NoiseSchedule
  /** Factor applied to each timestep before the network sees it; 1 by default. */
  readonly timestepScale?: number
  /** [C, H, W] of one state. */
  readonly stateShape: readonly [number, number, number]
  readonly turns: Turns
}

/** The options of an evaluation, besides the state and its timestep. */
export interface EvaluationOptions extends Partial<EvaluationTurn> {
  /** One row per item of the batch; omitted for unconditional networks. */
  readonly condition?: Condition
  /** Written to and returned when given, which saves an allocation per step; must not be x itself. */
  readonly out?: Tensor
}

/** The options of a request for a network's raw output. */
export interface AnswerOptions extends EvaluationOptions {
  /** Overrides the denoiser's own. */
  readonly timestepScale?: number
}

/**
 * The solvers' view of a network: it predicts the noise in a batch of states, whatever the network itself
 * predicts and wherever it is evaluated.
 */
export class Denoiser {
  readonly stateShape: readonly [number, number, number]
  readonly #pace = new PaceMeter()
  /** The full output of one slice, if the network has more channels than epsilon; reused between slices. */
  #answer: Tensor | undefined

  constructor(private readonly options: DenoiserOptions) {
    this.stateShape = options.stateShape
  }

  /** Returns how many pictures of a batch are evaluated at once. Equal sizes give bit-identical results. */
  sliceOf(batch: number): number {
    return this.options.network.sliceOf(batch)
  }

  /**
   * Returns how many seconds an evaluation of `batch` pictures takes per picture, without the wait for its turn,
   * measured on the evaluations so far; null until there were two of that size.
   */
  secondsPerEvaluation(batch: number): number | null {
    return this.#pace.secondsOf(Math.min(batch, this.options.network.groupOf(batch)))
  }

  /**
   * Returns epsilon_theta(x_t, t) for a whole batch at one timestep. A large batch is evaluated in slices,
   * each in its own turn.
   *
   * @param x  [N, C, H, W]
   * @param timestep  from 0 to T-1, fractions allowed
   * @throws DomainError for a wrong shape or timestep; StudioError NOT_FINITE, DEVICE_FAILED, BAD_MODEL or
   *   UNSUPPORTED; the signal's reason once the signal is aborted
   */
  async predict(x: Tensor, timestep: number, options: EvaluationOptions = {}): Promise<Tensor> {
    const { schedule } = this.options
    const answer = await this.answer(x, timestep, options)
    return toEpsilon(answer, x, levelAt(schedule, timestep), schedule.predictionType, answer)
  }

  /** Returns the network's raw output, which {@link predict} converts to epsilon: its first C channels. */
  async answer(
    x: Tensor,
    timestep: number,
    {
      condition = unconditional,
      out = createTensor(x.shape),
      timestepScale = this.options.timestepScale ?? 1,
      ...asked
    }: AnswerOptions = {},
  ): Promise<Tensor> {
    this.checkInput(x, timestep)
    const onEnd: EvaluationTurn['onEnd'] = (items, seconds) => {
      this.#pace.note(items, seconds)
      asked.onEnd?.(items, seconds)
    }
    const turn = { ...undisputed, ...asked, onEnd }
    const evaluate = (from: number, to: number, pause: Pause) => {
      const slice = {
        sample: itemsOf(x, from, to),
        timestep: (timestep + (this.options.schedule.timestepOffset ?? 0)) * timestepScale,
        condition: conditionOfItems(condition, from, to),
      }
      return this.evaluate(slice, itemsOf(out, from, to), { ...turn, pause }, timestep)
    }
    await evaluateSlices(this.options, x.shape[0], evaluate, turn)
    return out
  }

  /** Returns {@link predict} with one condition and one turn fixed, in the form that solvers take. */
  predictor(options: Omit<EvaluationOptions, 'out'> = {}): PredictEpsilon {
    return (x, timestep, out) => this.predict(x, timestep, { ...options, out })
  }

  /** Frees the memory once running evaluations have finished. */
  close(): Promise<void> {
    const { network, turns } = this.options
    return turns.take(() => network.close(), undisputed)
  }

  private async evaluate(
    slice: Parameters<Network['evaluate']>[0],
    out: Tensor,
    watch: Watch,
    timestep: number,
  ): Promise<void> {
    const { network } = this.options
    const [channels, height, width] = this.stateShape
    if (network.outputChannels === channels) {
      await network.evaluate(slice, out, watch)
    } else {
      const shape = [out.shape[0], network.outputChannels, height, width]
      const answer = this.answerOf(shape)
      await network.evaluate(slice, answer, watch)
      // The others are a learned variance, which ODE solvers do not use.
      copyFirstChannels(answer, out)
    }
    if (!isFinite(out.data)) throw this.notFinite(slice.sample, timestep)
  }

  private answerOf(shape: readonly number[]): Tensor {
    if (this.#answer?.shape[0] !== shape[0]) this.#answer = createTensor(shape)
    return this.#answer
  }

  private checkInput(x: Tensor, timestep: number): void {
    const { model, schedule } = this.options
    if (x.shape.slice(1).join() !== this.stateShape.join()) {
      throw new DomainError(
        `${model.id} takes batches of [${this.stateShape.join(', ')}], not [${x.shape.slice(1).join(', ')}].`,
      )
    }
    const last = schedule.numTrainTimesteps - 1
    if (!(timestep >= 0 && timestep <= last)) {
      throw new DomainError(`Timestep ${timestep} does not lie between 0 and ${last}.`)
    }
  }

  /** The device and the weights are blamed only for states that a network can be expected to take. */
  private notFinite(x: Tensor, timestep: number): StudioError {
    const { model, network, schedule } = this.options
    const { signal, noise } = levelAt(schedule, timestep)
    const what = `NaN or infinity at timestep ${timestep}`
    const fault = faultOfStates(x, Math.hypot(signal, noise))
    const deviceFailure = fault === null ? network.deviceFailure(what) : null
    if (deviceFailure) return deviceFailure
    const cause = fault ?? `its weights are probably damaged. Download ${model.path} again`
    return new StudioError('NOT_FINITE', `${model.id} returned ${what}: ${cause}.`)
  }
}
