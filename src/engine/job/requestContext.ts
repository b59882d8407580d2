import type { Progress } from '#shared/progress'
import type { ComputeInfo } from '#shared/reports'

/** The context of a request: its cancellation, and how to report on it. */
export interface RequestContext {
  readonly signal: AbortSignal
  report(progress: Progress): void
  /** Reports which device evaluates the network for this request; repeated calls cost nothing. */
  computesOn(compute: ComputeInfo): void
  /**
   * Reports that an evaluation starts, during which this process cannot answer, and after how many seconds to
   * give it up.
   */
  evaluates(seconds: number): void
  /** Reports that this evaluation is over, also if it failed. */
  evaluated?: () => void
  /** Shows people a sentence that concerns the whole engine, or something that this request leaves out. */
  notice?: (sentence: string) => void
}
