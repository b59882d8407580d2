import type { Result } from './errors'
import type { Progress } from './progress'
import type { ComputeInfo } from './reports'

/** What goes to the engine process. */
export type ToEngine =
  | { type: 'request'; id: string; route: string; input: unknown }
  /** Answered by the request's own response, CANCELLED, within one step of the solver. */
  | { type: 'cancel'; id: string }

/** What comes from it. */
export type FromEngine =
  | { type: 'response'; id: string; result: Result<unknown> }
  | { type: 'progress'; id: string; progress: Progress }
  /** What computes, told at the first evaluation and whenever it is another. */
  | { type: 'compute'; compute: ComputeInfo }
  /**
   * Sent while requests are running: silence means that the process hangs inside a native call. With it the bytes that the
   * process holds, where the system does not tell one process of another.
   */
  | { type: 'alive'; heldBytes: number | null }
  /** What people should know while work goes on: a server that is waited for, for example. */
  | { type: 'notice'; sentence: string }
  /** An evaluation begins, during which nothing more is heard. It is given up when it takes longer than this. */
  | { type: 'evaluating'; seconds: number }

/** The client's end of an engine process, whatever started it: `child_process.fork` or Electron's utilityProcess. */
export interface EnginePort {
  readonly pid: number | undefined
  send(message: ToEngine): void
  onMessage(listener: (message: FromEngine) => void): void
  /** `reason` says how the process ended, in words: an exit code or a signal. */
  onExit(listener: (reason: string) => void): void
  kill(): void
}

/** The engine's end. */
export interface ServerPort {
  send(message: FromEngine): void
  onMessage(listener: (message: ToEngine) => void): void
}
