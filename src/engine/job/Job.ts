import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import type { Tensor } from '#core/diffusion/tensor'
import type { AnswerOptions } from '../model/denoiser/Denoiser'
import { type Condition, unconditional } from '../model/network/condition'
import type { Model } from '../model/denoiser/model'
import { guide, isSameCondition, splitGuidance } from '../model/network/guidance'
import type { EvaluationTurn } from '../model/network/evaluateSlices'
import type { Priority, Turn } from '../model/network/Turns'
import { evaluationLimit } from './evaluationLimit'
import type { ResultKey } from './KeptMemo'
import type { RequestContext } from './requestContext'

/** The options that a job starts with. */
export interface JobOptions {
  readonly model: Model
  readonly context: RequestContext
  readonly priority: Priority
  /** Whether progress includes pictures of what is being made. */
  readonly previews?: boolean
  /**
   * What it may compute, by default everything. If that is less, anything else that is not cached throws
   * {@link NotCachedError}. With `texts`, it computes the conditions of texts that are not in memory, because the results
   * of a mix are named by its condition; with `nothing`, it leaves them out.
   */
  readonly computes?: 'everything' | 'texts' | 'nothing'
  /**
   * Whether to assume that files have not changed since they were last seen, for requests that cannot wait
   * for a check.
   */
  readonly asSeen?: boolean
  /** The project whose results are looked up before anything is computed. */
  readonly projectResults?: string | undefined
  /** Called after every evaluation with the number of pictures in its batch. */
  readonly onEvaluation?: (pictures: number) => void
}

/** Thrown by a job that would have to compute what it may not. For its caller only, never shown to people. */
export class NotCachedError extends Error {}

/** One request that uses an open model: the state that its functions pass on to each other. */
export class Job {
  readonly model: Model
  readonly context: RequestContext
  readonly previews: boolean
  readonly asSeen: boolean
  /** Its turn in the queue for the network, until it is cancelled. */
  readonly turn: Turn

  constructor(private readonly options: JobOptions) {
    const { model, context, priority, previews = false, asSeen = false } = options
    this.model = model
    this.context = context
    this.previews = previews
    this.asSeen = asSeen
    this.turn = { priority, signal: context.signal }
  }

  /** Returns the same job with some options changed. */
  with(changes: Partial<JobOptions>): Job {
    return new Job({ ...this.options, ...changes })
  }

  /** Whether it may compute the conditions of texts. */
  get computesTexts(): boolean {
    return this.options.computes !== 'nothing'
  }

  private get computesEverything(): boolean {
    return (this.options.computes ?? 'everything') === 'everything'
  }

  /** Returns the cache key of a result of this name when this job computes it. */
  resultKey(name: string): ResultKey {
    return { name, by: this.model.key, project: this.options.projectResults ?? null }
  }

  /**
   * Returns what trajectories run on: the model's schedule, and its denoiser, which stops when the request
   * is cancelled.
   *
   * @param guidance  how far to go from the source prompt towards the prompt, and beyond; 1 is the
   *   prompt itself
   */
  trajectory(
    condition: Condition = unconditional,
    guidance = 1,
  ): {
    schedule: NoiseSchedule
    predictEpsilon: PredictEpsilon
  } {
    const { schedule } = this.model
    return { schedule, predictEpsilon: this.guidedPredictor(condition, guidance) }
  }

  /** Returns the states of pictures. The pictures are [N, C, H, W] on [-1, 1]. */
  encodePictures(pictures: Tensor): Promise<Tensor> {
    return this.model.space.encode(pictures, this.codingTurn())
  }

  /** Returns the pictures of states. */
  decodeStates(states: Tensor): Promise<Tensor> {
    return this.model.space.decode(states, this.codingTurn())
  }

  /** Whether states are the pictures themselves, as in a pixel-space model, which has no autoencoder. */
  get isLossless(): boolean {
    return this.model.space.isLossless
  }

  private codingTurn(): EvaluationTurn {
    this.requireComputing()
    return this.announcedTurn
  }

  /** Its turn for evaluating networks whose time is not measured: those of an autoencoder or for texts. */
  get announcedTurn(): EvaluationTurn {
    const { model, context } = this
    const onStart = () => context.evaluates(evaluationLimit(model.info.parameters, null))
    return { ...this.turn, onStart, onOver: context.evaluated, onNotice: context.notice }
  }

  /** Returns a function that asks the network for its raw answers, not converted to epsilon. */
  answerer(): (x: Tensor, timestep: number, options: AnswerOptions) => Promise<Tensor> {
    const evaluate = this.evaluator()
    return (x, timestep, options) =>
      evaluate(x, (evaluation) => this.model.denoiser.answer(x, timestep, { ...options, ...evaluation }))
  }

  private requireComputing(): void {
    if (!this.computesEverything) throw new NotCachedError('This was never computed, or is kept no longer.')
  }

  private guidedPredictor(condition: Condition, guidance: number): PredictEpsilon {
    const { target, source } = splitGuidance(condition)
    const predictTarget = this.predictor(target)
    if (source === null || guidance === 1 || isSameCondition(source, target)) return predictTarget
    const predictSource = this.predictor(source)
    return async (x, timestep, out) => {
      const from = await predictSource(x, timestep)
      const to = await predictTarget(x, timestep, out)
      return guide(from, to, guidance, to)
    }
  }

  private predictor(condition: Condition): PredictEpsilon {
    const evaluate = this.evaluator()
    return (x, timestep, out) =>
      evaluate(x, (evaluation) => this.model.denoiser.predict(x, timestep, { condition, out, ...evaluation }))
  }

  /**
   * Returns a function that evaluates for this request, one call after the other. The duration of each
   * evaluation decides when the next one of as many pictures counts as hung; each size is opened on its own.
   */
  private evaluator() {
    const { model, context, turn, options } = this
    let last: { pictures: number; seconds: number } | null = null
    return async (x: Tensor, evaluate: (evaluation: EvaluationTurn) => Promise<Tensor>): Promise<Tensor> => {
      this.requireComputing()
      context.signal.throwIfAborted()
      context.computesOn(model.compute)
      const [pictures] = x.shape
      const onStart = () => {
        const measuredSeconds = last?.pictures === pictures ? last.seconds : null
        context.evaluates(evaluationLimit(model.info.parameters, measuredSeconds))
      }
      const onEnd = (_items: number, seconds: number) => void (last = { pictures, seconds })
      const onOver = context.evaluated
      const answer = await evaluate({ ...turn, onStart, onEnd, onOver, onNotice: context.notice })
      options.onEvaluation?.(pictures)
      return answer
    }
  }
}
