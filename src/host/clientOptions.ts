import type { Progress } from '#shared/progress'
import type { Revise } from './engineLoss'

/** Options of a request. */
export interface RequestOptions {
  readonly requestId?: string
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** The limits that a client imposes on its engine. */
export interface EngineClientOptions {
  /** Seconds of silence, with requests running, after which the engine counts as hung and is killed. */
  readonly stallSeconds?: number
  /**
   * Seconds that a cancelled request may take to respond before its engine is killed, unless that evaluates for
   * another request.
   */
  readonly cancelSeconds?: number
  /** Bytes that the engine may hold before it is killed. */
  readonly memoryLimit?: number
  /** How often a request is sent again after the engine was lost during it. */
  readonly retries?: number
  /**
   * Decides what becomes of requests after a loss. Not called after an engine was killed because it did not stop for
   * the cancel of another request.
   */
  readonly revise?: Revise
}
