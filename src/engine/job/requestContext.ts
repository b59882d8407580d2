import type { Progress } from '#shared/progress'
import type { ComputeInfo } from '#shared/reports'

/** What a request has besides its input. */
export interface RequestContext {
  readonly signal: AbortSignal
  report(progress: Progress): void
  /** Tells what evaluates the network for this request; repeating it costs nothing. */
  computesOn(compute: ComputeInfo): void
  /** Tells that an evaluation begins, during which this process cannot answer, and after how long to give it up. */
  evaluates(seconds: number): void
  /** Tells people something that concerns the whole engine, in a sentence. */
  notice?: (sentence: string) => void
}
