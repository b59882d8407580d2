import type { Result } from './errors'
import type { Progress } from './progress'
import type { ComputeInfo } from './reports'

/** Messages to the engine process. */
export type ToEngine =
  | { type: 'request'; id: string; route: string; input: unknown }
  /** The request then responds with CANCELLED, within one step of the solver. */
  | { type: 'cancel'; id: string }

/** Messages from the engine process. */
export type FromEngine =
  | { type: 'response'; id: string; result: Result<unknown> }
  | { type: 'progress'; id: string; progress: Progress }
  /** What the engine computes on, sent with the first evaluation and whenever it changes. */
  | { type: 'compute'; compute: ComputeInfo }
  /**
   * Heartbeat while requests are running: silence means that the process hangs inside a native call. It
   * carries the bytes that the process holds on systems where another process cannot read them, null
   * elsewhere.
   */
  | { type: 'alive'; heldBytes: number | null }
  /** Something the user should know while work continues: that it waits for a server, for example. */
  | { type: 'notice'; sentence: string }
  /**
   * An evaluation starts for the request with this id, and nothing more is heard or said during it. It is given
   * up after this many seconds.
   */
  | { type: 'evaluating'; id: string; seconds: number }
  /** The evaluation of this request is over, also if it failed: the engine hears and answers again. */
  | { type: 'evaluated'; id: string }

/** The client's end of an engine process, started by `child_process.fork` or by Electron's utilityProcess. */
export interface EnginePort {
  readonly pid: number | undefined
  send(message: ToEngine): void
  onMessage(listener: (message: FromEngine) => void): void
  /** `reason` says in words how the process ended: an exit code or a signal. It may be called more than once. */
  onExit(listener: (reason: string) => void): void
  kill(): void
}

/** The engine's end. */
export interface ServerPort {
  send(message: FromEngine): void
  onMessage(listener: (message: ToEngine) => void): void
}
