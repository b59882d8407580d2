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

/** What a job is begun with. */
export interface JobOptions {
  readonly model: Model
  readonly context: RequestContext
  readonly priority: Priority
  /** Whether progress carries pictures of what is being made. */
  readonly previews?: boolean
  /** Whether nothing may be computed: what is not kept throws {@link NotKept}. */
  readonly keptOnly?: boolean
  /** Whether files are taken as they were last seen: for what cannot wait for a look at them. */
  readonly asSeen?: boolean
  /** The project whose results are looked at before anything is computed. */
  readonly projectResults?: string | undefined
  /** Told of every evaluation, with how many pictures were in its batch. */
  readonly onEvaluation?: (pictures: number) => void
}

/** Thrown by a job of `keptOnly` where it would have to compute: an answer for its caller, never for people. */
export class NotKept extends Error {}

/** One request at work on an open model: what its functions hand from one to the next. */
export class Job {
  readonly model: Model
  readonly context: RequestContext
  readonly previews: boolean
  readonly asSeen: boolean
  /** Its place among all who want the network, until it is cancelled. */
  readonly turn: Turn

  constructor(private readonly options: JobOptions) {
    const { model, context, priority, previews = false, asSeen = false } = options
    this.model = model
    this.context = context
    this.previews = previews
    this.asSeen = asSeen
    this.turn = { priority, signal: context.signal }
  }

  /** The same job with some of what it was begun with changed. */
  with(changes: Partial<JobOptions>): Job {
    return new Job({ ...this.options, ...changes })
  }

  /** What a result of this name is kept under when this job makes it. */
  resultKey(name: string): ResultKey {
    return { name, by: this.model.key, project: this.options.projectResults ?? null }
  }

  /**
   * What trajectories run on: the model's schedule, and its denoiser, which stops when the request is cancelled.
   *
   * @param guidance  how far from the source prompt to the prompt and beyond; 1 is the prompt itself
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

  /** The states of pictures, [N, C, H, W] on [-1, 1]. */
  encodePictures(pictures: Tensor): Promise<Tensor> {
    return this.model.space.encode(pictures, this.codingTurn())
  }

  /** The pictures of states. */
  decodeStates(states: Tensor): Promise<Tensor> {
    return this.model.space.decode(states, this.codingTurn())
  }

  /** What the autoencoder alone makes of pictures; null in a model of pixels, which has none. */
  async autoencode(pictures: Tensor): Promise<Tensor | null> {
    if (this.model.space.isLossless) return null
    return this.decodeStates(await this.encodePictures(pictures))
  }

  private codingTurn(): EvaluationTurn {
    this.requireComputing()
    const { model, context } = this
    const onStart = () => context.evaluates(evaluationLimit(model.info.parameters, null))
    return { ...this.turn, onStart, onNotice: context.notice }
  }

  /** What asks the network for its own answers, not turned into epsilon. */
  answerer(): (x: Tensor, timestep: number, options: AnswerOptions) => Promise<Tensor> {
    const evaluate = this.evaluator()
    return (x, timestep, options) =>
      evaluate(x, (evaluation) => this.model.denoiser.answer(x, timestep, { ...options, ...evaluation }))
  }

  private requireComputing(): void {
    if (this.options.keptOnly) throw new NotKept('This was never computed, or is kept no longer.')
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

  /** Evaluates for this request, one after the other: how long the last one took says when the next one hangs. */
  private evaluator() {
    const { model, context, turn, options } = this
    let measuredSeconds: number | null = null
    return async (x: Tensor, evaluate: (evaluation: EvaluationTurn) => Promise<Tensor>): Promise<Tensor> => {
      this.requireComputing()
      context.signal.throwIfAborted()
      context.computesOn(model.compute)
      let started = 0
      const onStart = (): void => {
        context.evaluates(evaluationLimit(model.info.parameters, measuredSeconds))
        started = performance.now()
      }
      const answer = await evaluate({ ...turn, onStart, onNotice: context.notice })
      measuredSeconds = (performance.now() - started) / 1000
      options.onEvaluation?.(x.shape[0])
      return answer
    }
  }
}
